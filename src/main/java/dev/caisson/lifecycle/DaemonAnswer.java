package dev.caisson.lifecycle;

import dev.caisson.supervisor.wire.DaemonRun;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.DiskUse;
import dev.caisson.supervisor.wire.ProcessInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sandbox's Docker daemon as callers see it, in the sandbox's answer and alone. */
@Schema(name = "DockerDaemon")
public record DaemonAnswer(
    DaemonStatus.State state,
    @Schema(description = "Whether it should run") boolean wanted,
    @Schema(description = "Of dockerd, in the sandbox") @Nullable Long pid,
    @Schema(example = "28.5.2") @Nullable String version,
    @Schema(example = "overlay2") @Nullable String storageDriver,
    @Schema(description = "From its start to its first answer") @Nullable Long readyAfterMs,
    @Schema(description = "How often it was started again without being asked") int restarts,
    @Schema(description = "While it backs off: the number of this restart") int attempt,
    @Schema(description = "How many restarts there are before it is FAILED") int attempts,
    @Nullable LastExit lastExit,
    @Nullable Instant nextRestartAt,
    @Nullable String reason,
    @Nullable String logTail,
    @Nullable Disk disk,
    @Schema(
            description =
                "The last runs of dockerd and containerd that are over, newest first; null where it"
                    + " is part of a sandbox")
        @Nullable List<Run> history) {

  /** The end of the daemon's last run. */
  @Schema(name = "DockerDaemonExit")
  public record LastExit(int code, @Nullable String signal, ProcessInfo.Cause cause, Instant at) {}

  /** The disk use of the daemon's images, containers and volumes. */
  @Schema(name = "DockerDisk")
  public record Disk(
      @Schema(description = "In bytes; null: none") @Nullable Long limit,
      @Schema(description = "In bytes; with a limit, what is no longer free of it") long used) {

    static @Nullable Disk from(@Nullable DiskUse use) {
      return use == null ? null : new Disk(use.limit() == 0 ? null : use.limit(), use.used());
    }
  }

  /** A run of dockerd or containerd that is over. */
  @Schema(name = "DockerDaemonRun")
  public record Run(
      @Schema(description = "When it ended") Instant at,
      @Schema(example = "dockerd") String unit,
      @Schema(description = "Null where it could not be started") @Nullable Long pid,
      Instant startedAt,
      @Schema(description = "128 + the signal's number where a signal ended it") int code,
      @Nullable String signal,
      DaemonRun.Cause cause,
      @Nullable String reason,
      @Schema(description = "Where in the sandbox a mute one has written its stacks")
          @Nullable String dump,
      @Schema(description = "Its first lines") @Nullable String dumpHead,
      @Schema(description = "The last lines that this run wrote") @Nullable String logTail,
      @Schema(description = "From its end until the daemon answered again")
          @Nullable Long backAfterMs) {

    static Run from(DaemonRun run) {
      return new Run(
          DaemonAnswer.at(run.endedAt()),
          run.unit(),
          run.pid() == 0 ? null : run.pid(),
          DaemonAnswer.at(run.startedAt()),
          run.code(),
          run.signal(),
          run.cause(),
          run.reason(),
          run.dump(),
          run.dumpHead(),
          run.logTail(),
          run.backAfterMillis() == 0 ? null : run.backAfterMillis());
    }
  }

  /** Creates the answer that is part of a sandbox's, without the daemon's history. */
  public static DaemonAnswer from(DaemonStatus status) {
    return from(status, null);
  }

  /** Creates the answer about the daemon alone, with its history. */
  public static DaemonAnswer whole(DaemonStatus status) {
    return from(status, status.history().stream().map(Run::from).toList());
  }

  private static DaemonAnswer from(DaemonStatus status, @Nullable List<Run> history) {
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
        status.logTail(),
        Disk.from(status.disk()),
        history);
  }

  private static Instant at(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
