package dev.caisson.supervisor.setup;

/**
 * A step of the preparation before the daemons start.
 *
 * @param detail why it failed or was left out, with the system's reason
 */
public record PreparationStep(String name, Outcome outcome, String detail) {

  /** The outcome of a step. */
  public enum Outcome {
    DONE,
    /** A failure that the daemons can do without. */
    TOLERATED,
    /** A failure after which the daemons cannot run. */
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
