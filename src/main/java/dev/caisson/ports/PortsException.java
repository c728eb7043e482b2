package dev.caisson.ports;

/** An error that concerns a port of a sandbox. */
public abstract sealed class PortsException extends RuntimeException {

  private PortsException(String message) {
    super(message);
  }

  /** A port on which nothing listens, or to which no connection can be made. */
  public static final class Closed extends PortsException {
    public final Port port;

    Closed(Port port, String why) {
      super("Nothing listens on port " + port + ": " + why);
      this.port = port;
    }
  }

  /** A path that the operator has closed: the port is reached in another way. */
  public static final class ByPathOff extends PortsException {
    public final Port port;

    /** The URL of the port. */
    public final String url;

    ByPathOff(Port port, String url) {
      super("Ports of this service are not reached by path: port " + port + " is at " + url);
      this.port = port;
      this.url = url;
    }
  }

  /** A part of the request that is not as it must be. */
  public static final class Invalid extends PortsException {
    public final String field;

    Invalid(String field, String message) {
      super(message);
      this.field = field;
    }
  }
}
