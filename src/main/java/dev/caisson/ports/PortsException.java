package dev.caisson.ports;

import dev.caisson.error.CaissonException;
import dev.caisson.error.FieldError;
import java.util.Map;

/** An error that concerns a port of a sandbox. */
public abstract sealed class PortsException extends CaissonException {

  private PortsException(PortsErrorCode code, Map<String, ?> details, String message) {
    super(code, details, message, null);
  }

  private PortsException(FieldError field) {
    super(field, null);
  }

  /** A port on which nothing listens, or to which no connection can be made. */
  public static final class Closed extends PortsException {
    Closed(Port port, String why) {
      super(
          PortsErrorCode.PORT_CLOSED,
          Map.of("sandbox", port.sandbox().value(), "port", port.number()),
          "Nothing listens on port " + port + ": " + why);
    }
  }

  /** A path that the operator has closed: the port is reached in another way. */
  public static final class ByPathOff extends PortsException {
    /**
     * Creates an exception that says where the port is.
     *
     * @param url of the port
     */
    ByPathOff(Port port, String url) {
      super(
          PortsErrorCode.PORT_BY_PATH_OFF,
          Map.of("sandbox", port.sandbox().value(), "port", port.number(), "url", url),
          "Ports of this service are not reached by path: port " + port + " is at " + url);
    }
  }

  /** A part of the request that is not as it must be. */
  public static final class Invalid extends PortsException {
    Invalid(String field, String message) {
      super(new FieldError(field, message));
    }
  }
}
