package dev.caisson.link;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Need;
import dev.caisson.supervisor.wire.UnknownMessageException;

/**
 * The part of the wire that one supervisor knows, by its own greeting; it is as old as its sandbox.
 *
 * @param version of its kit
 * @param revision of the wire that it has
 */
record Vocabulary(SandboxId sandbox, String version, int revision) {

  static Vocabulary of(SandboxId sandbox, Answer.Greeting greeting) {
    return new Vocabulary(sandbox, greeting.version(), greeting.revision());
  }

  /**
   * Refuses a request that the supervisor would not understand, or would leave a part out of
   * without a word.
   *
   * @throws SupervisorException.TooOld with the part that it lacks
   */
  void require(Record request) {
    Need need = Need.of(request);
    if (need.revision() > revision) {
      throw lacking(need.what());
    }
  }

  /** Makes the error for what the supervisor does not know. */
  SupervisorException.TooOld lacking(String what) {
    return new SupervisorException.TooOld(sandbox, version, what);
  }

  /** Makes the error for an answer that is not known here. */
  SupervisorException.TooNew beyond(UnknownMessageException answer) {
    return new SupervisorException.TooNew(sandbox, version, answer);
  }
}
