package dev.caisson.history;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caisson.sandbox.DiskLevel;
import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.Life;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonRun;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The content of an event, by its type; values of environments and arguments are in none of them.
 */
@Schema(
    name = "EventData",
    oneOf = {
      EventData.SandboxMoved.class,
      EventData.ImageProgress.class,
      EventData.ProcessMoved.class,
      EventData.DaemonMoved.class,
      EventData.DiskMoved.class
    })
sealed interface EventData {

  /** Returns the type of the event that carries this content. */
  @JsonIgnore
  String type();

  /** A sandbox that has another state, or lives longer. */
  @Schema(name = "SandboxEventData")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SandboxMoved(
      SandboxState state,
      @Nullable EndReason reason,
      @Nullable String detail,
      @Schema(description = "Time when the sandbox ends if nothing happens in it")
          @Nullable Instant expiresAt)
      implements EventData {
    @Override
    public String type() {
      return "sandbox";
    }

    static SandboxMoved from(Sandbox sandbox) {
      Life life = sandbox.life();
      return new SandboxMoved(life.state(), life.reason(), life.detail(), life.expiresAt());
    }
  }

  /** A pull that goes on. */
  @Schema(name = "ImageEventData")
  record ImageProgress(
      @Schema(example = "debian:trixie-slim") String image,
      @Schema(example = "pulling: 12 of 30 MB") String progress)
      implements EventData {
    @Override
    public String type() {
      return "image";
    }
  }

  /** A process that has started, become ready (or not), ended, or is started again. */
  @Schema(name = "ProcessEventData")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ProcessMoved(
      @Schema(example = "147") long pid,
      @Nullable String name,
      State state,
      @Schema(description = "Exit code; 128 + the signal's number if a signal ended the process")
          @Nullable Integer code,
      @Nullable String signal,
      ProcessInfo.@Nullable Cause cause,
      ProcessInfo.Readiness.@Nullable State readiness,
      @Schema(description = "Reason why the process is not ready") @Nullable String readinessReason,
      @Schema(description = "Number of the attempt, from 1") @Nullable Integer attempt,
      @Schema(description = "Pid of the next attempt, once it runs") @Nullable Long next,
      @Schema(description = "Time when the next attempt is due") @Nullable Instant nextAt,
      @Schema(description = "Whether there is no next attempt, because there were too many")
          @Nullable Boolean exhausted)
      implements EventData {

    /** The state of a process: whether it runs. */
    @Schema(name = "ProcessEventState")
    public enum State {
      RUNNING,
      EXITED
    }

    @Override
    public String type() {
      return "process";
    }

    static ProcessMoved from(ProcessInfo process) {
      ProcessInfo.Exit exit = process.exit();
      ProcessInfo.Readiness ready = process.readiness();
      ProcessInfo.Attempt attempt = process.attempt();
      return new ProcessMoved(
          process.pid(),
          process.name(),
          exit == null ? State.RUNNING : State.EXITED,
          exit == null ? null : exit.code(),
          exit == null ? null : exit.signal(),
          exit == null ? null : exit.cause(),
          ready == null ? null : ready.state(),
          ready == null ? null : ready.reason(),
          attempt == null ? null : attempt.number(),
          attempt == null || attempt.next() == 0 ? null : attempt.next(),
          attempt == null || attempt.nextAt() == 0 ? null : RecordJson.instant(attempt.nextAt()),
          (attempt != null && attempt.exhausted()) ? true : null);
    }
  }

  /** A Docker daemon that has another state. */
  @Schema(name = "DockerEventData")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DaemonMoved(
      DaemonStatus.State state,
      @Schema(description = "Pid of dockerd in the sandbox; 0 while it does not run") long pid,
      @Nullable String reason,
      @Schema(description = "Time of the next restart") @Nullable Instant nextRestartAt,
      @Schema(description = "Run that ended, or after which the daemon is back")
          @Nullable DaemonRunOver run)
      implements EventData {
    @Override
    public String type() {
      return "docker";
    }

    static DaemonMoved from(DaemonStatus status) {
      return new DaemonMoved(
          status.state(),
          status.pid(),
          status.reason(),
          status.nextRestartAt() == 0 ? null : RecordJson.instant(status.nextRestartAt()),
          DaemonRunOver.of(status));
    }
  }

  /** A run of dockerd or containerd that is over. */
  @Schema(name = "DockerEventRun")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DaemonRunOver(
      @Schema(example = "dockerd") String unit,
      @Schema(description = "Exit code; 128 + the signal's number if a signal ended the run")
          int code,
      @Nullable String signal,
      DaemonRun.Cause cause,
      @Schema(description = "Milliseconds from the end of the run until the daemon answered again")
          @Nullable Long backAfterMs) {

    /** The most microseconds by which a run's news may be older than a status that they explain. */
    private static final long NEWS_MICROS = 1_000_000;

    static @Nullable DaemonRunOver of(DaemonStatus status) {
      if (status.history().isEmpty()) {
        return null;
      }
      DaemonRun run = status.history().getFirst();
      long news = run.endedAt() + run.backAfterMillis() * 1_000;
      boolean tells =
          switch (status.state()) {
            case BACKING_OFF, FAILED, READY -> news >= status.changedAt() - NEWS_MICROS;
            case DISABLED, STARTING, MUTE, STOPPED, UNSUPPORTED -> false;
          };
      return tells
          ? new DaemonRunOver(
              run.unit(),
              run.code(),
              run.signal(),
              run.cause(),
              run.backAfterMillis() == 0 ? null : run.backAfterMillis())
          : null;
    }
  }

  /** A disk with a limit that is nearly full, full, or no longer so. */
  @Schema(name = "DiskEventData")
  record DiskMoved(
      DiskLevel level,
      @Schema(description = "Limit in bytes") long limit,
      @Schema(description = "Space used, in bytes") long used)
      implements EventData {
    @Override
    public String type() {
      return "disk";
    }
  }

  /** A watched file that has changed; live only, without an id. */
  @Schema(name = "FileEventData")
  record FileChanged(
      @Schema(
              description =
                  "Kind of change. WATCHING comes first: changes from then on are reported.")
          Answer.Changed.Kind kind,
      @Schema(example = "/workspace/a.txt") String path,
      boolean directory)
      implements EventData {
    @Override
    public String type() {
      return "file";
    }

    static FileChanged from(Answer.Changed changed) {
      return new FileChanged(changed.kind(), changed.path(), changed.directory());
    }
  }

  /** Events that are no longer kept; what follows is whole again. */
  @Schema(name = "EventGap")
  record Gap(
      @Schema(description = "Sequence number of the first missing event") long from,
      @Schema(description = "Sequence number of the last missing event, and the ID of this event")
          long to)
      implements EventData {
    @Override
    public String type() {
      return "gap";
    }
  }
}
