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

  /** Something in the request is not as it must be. */
  public static final class Invalid extends PortsException {
    public final String field;

    Invalid(String field, String message) {
      super(message);
      this.field = field;
    }
  }
}
