package dev.caisson.access;

/** What can go wrong with a grant. */
public abstract sealed class GrantException extends RuntimeException {
  public final String sandbox;

  private GrantException(String sandbox, String message) {
    super(message);
    this.sandbox = sandbox;
  }

  /** There is none of this id, or it is over. */
  public static final class NotFound extends GrantException {
    public final String grant;

    public NotFound(String sandbox, String grant) {
      super(sandbox, "Sandbox " + sandbox + " has no grant " + grant + ", or it is over");
      this.grant = grant;
    }
  }

  /** There is no port at which a client certificate would be of use. */
  public static final class NoCertificates extends GrantException {
    public NoCertificates(String sandbox) {
      super(
          sandbox,
          "This service takes no client certificates: its operator has not set"
              + " caisson.docker.tls-port");
    }
  }

  /** The sandbox has as many as it may have. */
  public static final class TooMany extends GrantException {
    public final int most;

    public TooMany(String sandbox, int most) {
      super(sandbox, "Sandbox " + sandbox + " has " + most + " grants: revoke some first");
      this.most = most;
    }
  }
}
