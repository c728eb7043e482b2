package dev.caisson.process;

import dev.caisson.supervisor.wire.ProcessInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The place of a process among the attempts to keep something running. */
@Schema(name = "ProcessAttempt")
record RestartAnswer(
    RestartRequest.Policy policy,
    @Schema(description = "Number of the attempt, from 1", example = "2") int attempt,
    @Schema(description = "Pid of the previous attempt", example = "147")
        @Nullable Long previousPid,
    @Schema(description = "Pid of the next attempt") @Nullable Long nextPid,
    @Schema(description = "Time when the next attempt is due") @Nullable Instant nextAt,
    @Schema(description = "Whether there is no next attempt, because there were too many")
        boolean exhausted) {

  static @Nullable RestartAnswer from(ProcessInfo.@Nullable Attempt attempt) {
    return attempt == null
        ? null
        : new RestartAnswer(
            RestartRequest.Policy.of(attempt.policy()),
            attempt.number(),
            attempt.previous() == 0 ? null : attempt.previous(),
            attempt.next() == 0 ? null : attempt.next(),
            ProcessAnswer.instantIfAny(attempt.nextAt()),
            attempt.exhausted());
  }
}
