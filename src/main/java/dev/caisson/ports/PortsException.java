package dev.caisson.ports;

/** What can go wrong with a port of a sandbox. */
public abstract sealed class PortsException extends RuntimeException {

  private PortsException(String message) {
    super(message);
  }

  /** Nobody listens there, or it cannot be connected to. */
  public static final class Closed extends PortsException {
    public final Port port;

    Closed(Port port, String why) {
      super("Nothing listens on port " + port + ": " + why);
      this.port = port;
    }
  }

  /** The operator has closed the path: it is reached in another way. */
  public static final class ByPathOff extends PortsException {
    public final Port port;

    /** Where it is reached. */
    public final String url;

    ByPathOff(Port port, String url) {
      super("Ports of this service are not reached by path: port " + port + " is at " + url);
      this.port = port;
      this.url = url;
    }
  }

  /** Something in the request is not as it must be. */
  public static final class Invalid extends PortsException {
    public final String field;

    Invalid(String field, String message) {
      super(message);
      this.field = field;
    }
  }
}
