package dev.caisson.supervisor.daemon;

/** The system refused to start a unit. */
final class UnitRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * @param code the system error's name, such as {@code ENOENT}
   */
  UnitRefusedException(String code, String message) {
    super(message);
    this.code = code;
  }

  String code() {
    return code;
  }
}
