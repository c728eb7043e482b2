package dev.caisson.access;

/** An error that concerns a grant. */
public abstract sealed class GrantException extends RuntimeException {
  public final String sandbox;

  private GrantException(String sandbox, String message) {
    super(message);
    this.sandbox = sandbox;
  }

  /** An id of which there is no grant, or one that is over. */
  public static final class NotFound extends GrantException {
    public final String grant;

    public NotFound(String sandbox, String grant) {
      super(sandbox, "Sandbox " + sandbox + " has no grant " + grant + ", or it is over");
      this.grant = grant;
    }
  }

  /** The lack of a port at which a client certificate would be of use. */
  public static final class NoCertificates extends GrantException {
    public NoCertificates(String sandbox) {
      super(
          sandbox,
          "This service takes no client certificates: its operator has not set"
              + " caisson.docker.tls-port");
    }
  }

  /** A sandbox that has as many grants as it may have. */
  public static final class TooMany extends GrantException {
    public final int most;

    public TooMany(String sandbox, int most) {
      super(sandbox, "Sandbox " + sandbox + " has " + most + " grants: revoke some first");
      this.most = most;
    }
  }
}
