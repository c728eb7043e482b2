package dev.caisson.supervisor.setup;

/**
 * One thing done before the daemons start.
 *
 * @param detail why it failed or was left out, with the system's reason
 */
public record PreparationStep(String name, Outcome outcome, String detail) {

  /** What came of it. */
  public enum Outcome {
    DONE,
    /** It failed and the daemons can do without. */
    TOLERATED,
    /** It failed and the daemons cannot run. */
    FATAL
  }

  static PreparationStep done(String name) {
    return new PreparationStep(name, Outcome.DONE, "");
  }

  static PreparationStep tolerated(String name, String detail) {
    return new PreparationStep(name, Outcome.TOLERATED, detail);
  }

  static PreparationStep fatal(String name, String detail) {
    return new PreparationStep(name, Outcome.FATAL, detail);
  }
}
