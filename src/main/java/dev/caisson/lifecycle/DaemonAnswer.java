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
    @Schema(description = "Whether the daemon should run") boolean wanted,
    @Schema(description = "Pid of dockerd in the sandbox") @Nullable Long pid,
    @Schema(example = "28.5.2") @Nullable String version,
    @Schema(example = "overlay2") @Nullable String storageDriver,
    @Schema(description = "Milliseconds from the daemon's start to its first answer")
        @Nullable Long readyAfterMs,
    @Schema(description = "Number of automatic restarts") int restarts,
    @Schema(description = "Number of the current restart, while the daemon backs off") int attempt,
    @Schema(description = "Number of restarts before the daemon is FAILED") int attempts,
    @Nullable LastExit lastExit,
    @Nullable Instant nextRestartAt,
    @Nullable String reason,
    @Nullable String logTail,
    @Nullable Disk disk,
    @Schema(
            description =
                "Last ended runs of dockerd and containerd, newest first; null if the daemon is"
                    + " part of a sandbox's answer")
        @Nullable List<Run> history) {

  /** The end of the daemon's last run. */
  @Schema(name = "DockerDaemonExit")
  public record LastExit(int code, @Nullable String signal, ProcessInfo.Cause cause, Instant at) {}

  /** The disk use of the daemon's images, containers and volumes. */
  @Schema(name = "DockerDisk")
  public record Disk(
      @Schema(description = "Limit in bytes; null: no limit") @Nullable Long limit,
      @Schema(
              description =
                  "Space used, in bytes; with a limit, the part of it that is no longer free")
          long used) {

    static @Nullable Disk from(@Nullable DiskUse use) {
      return use == null ? null : new Disk(use.limit() == 0 ? null : use.limit(), use.used());
    }
  }

  /** A run of dockerd or containerd that is over. */
  @Schema(name = "DockerDaemonRun")
  public record Run(
      @Schema(description = "Time when the run ended") Instant at,
      @Schema(example = "dockerd") String unit,
      @Schema(description = "Pid; null if the program could not be started") @Nullable Long pid,
      Instant startedAt,
      @Schema(description = "Exit code; 128 + the signal's number if a signal ended the run")
          int code,
      @Nullable String signal,
      DaemonRun.Cause cause,
      @Nullable String reason,
      @Schema(
              description =
                  "Path in the sandbox to which an unresponsive daemon has written its stacks")
          @Nullable String dump,
      @Schema(description = "First lines of the dump") @Nullable String dumpHead,
      @Schema(description = "Last lines that this run wrote") @Nullable String logTail,
      @Schema(description = "Milliseconds from the end of the run until the daemon answered again")
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
