package dev.caisson.link;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Need;
import dev.caisson.supervisor.wire.UnknownMessageException;

/**
 * How much of the wire one supervisor knows, which is as old as its sandbox, by its own greeting.
 *
 * @param version of its kit
 * @param revision of the wire that it has
 */
record Vocabulary(SandboxId sandbox, String version, int revision) {

  static Vocabulary of(SandboxId sandbox, Answer.Greeting greeting) {
    return new Vocabulary(sandbox, greeting.version(), greeting.revision());
  }

  /**
   * Refuses what it would not understand, or would leave out without a word.
   *
   * @throws SupervisorException.TooOld with the part that it lacks
   */
  void require(Record request) {
    Need need = Need.of(request);
    if (need.revision() > revision) {
      throw lacking(need.what());
    }
  }

  /** It does not know this. */
  SupervisorException.TooOld lacking(String what) {
    return new SupervisorException.TooOld(sandbox, version, what);
  }

  /** It says what is not known here. */
  SupervisorException.TooNew beyond(UnknownMessageException answer) {
    return new SupervisorException.TooNew(sandbox, version, answer);
  }
}
