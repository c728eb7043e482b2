package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** A sandbox's Docker daemon as callers see it, in the sandbox's answer and alone. */
@Schema(name = "DockerDaemon")
public record DaemonAnswer(
    DaemonStatus.State state,
    @Schema(description = "Whether it should run") boolean wanted,
    @Schema(description = "Of dockerd, in the sandbox") @Nullable Long pid,
    @Schema(example = "26.1.5") @Nullable String version,
    @Schema(example = "overlay2") @Nullable String storageDriver,
    @Schema(description = "From its start to its first answer") @Nullable Long readyAfterMs,
    @Schema(description = "How often it was started again without being asked") int restarts,
    @Schema(description = "While it backs off: the number of this restart") int attempt,
    @Schema(description = "How many restarts there are before it is FAILED") int attempts,
    @Nullable LastExit lastExit,
    @Nullable Instant nextRestartAt,
    @Nullable String reason,
    @Nullable String logTail) {

  /** How its last run ended. */
  @Schema(name = "DockerDaemonExit")
  public record LastExit(int code, @Nullable String signal, ProcessInfo.Cause cause, Instant at) {}

  public static DaemonAnswer from(DaemonStatus status) {
    ProcessInfo.Exit exit = status.lastExit();
    return new DaemonAnswer(
        status.state(),
        status.wanted(),
        status.pid() == 0 ? null : status.pid(),
        status.version(),
        status.storageDriver(),
        status.readyAfterMillis() == 0 ? null : status.readyAfterMillis(),
        status.restarts(),
        status.attempt(),
        status.attempts(),
        exit == null ? null : new LastExit(exit.code(), exit.signal(), exit.cause(), at(exit.at())),
        status.nextRestartAt() == 0 ? null : at(status.nextRestartAt()),
        status.reason(),
        status.logTail());
  }

  private static Instant at(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
