package dev.caisson.access;

import dev.caisson.error.CaissonException;
import java.util.Map;

/** An error that concerns a grant. */
public abstract sealed class GrantException extends CaissonException {

  private GrantException(GrantErrorCode code, Map<String, ?> details, String message) {
    super(code, details, message, null);
  }

  /** An id of which there is no grant, or one that is over. */
  public static final class NotFound extends GrantException {
    public NotFound(String sandbox, String grant) {
      super(
          GrantErrorCode.GRANT_NOT_FOUND,
          Map.of("sandbox", sandbox, "grant", grant),
          "Sandbox " + sandbox + " has no grant " + grant + ", or the grant has expired");
    }
  }

  /** The lack of a port at which a client certificate would be of use. */
  public static final class NoCertificates extends GrantException {
    public NoCertificates(String sandbox) {
      super(
          GrantErrorCode.CERTIFICATES_DISABLED,
          Map.of("sandbox", sandbox),
          "This service does not accept client certificates: the operator has to set"
              + " caisson.docker.tls-port");
    }
  }

  /** A sandbox that has as many grants as it may have. */
  public static final class TooMany extends GrantException {
    public TooMany(String sandbox, int most) {
      super(
          GrantErrorCode.TOO_MANY_GRANTS,
          Map.of("sandbox", sandbox, "most", most),
          "Sandbox "
              + sandbox
              + " has "
              + most
              + " grants, which is the maximum: revoke one first");
    }
  }
}
