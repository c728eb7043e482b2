package dev.caisson.docker.command;

import dev.caisson.docker.DaemonWait;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.AssertTrue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** A request to remove things that the daemon of a sandbox keeps and nothing uses. */
@Schema(
    name = "DockerPrune",
    example = "{\"containers\": true, \"images\": \"dangling\"}",
    description =
        "Kinds of data to remove. If none is selected: dangling images and build cache, which can"
            + " be recreated.")
record PruneRequest(
    @Schema(description = "Whether to remove containers that have ended")
        @Nullable Boolean containers,
    @Nullable Images images,
    @Nullable Volumes volumes,
    @Nullable Boolean buildCache,
    @Schema(description = "Minimum age of what is removed", type = "string", example = "PT24H")
        @DurationMin(seconds = 1, message = "must be at least PT1S")
        @DurationMax(days = 36500, message = "must be at most P36500D")
        @Nullable Duration until,
    @Schema(description = "Maximum run time of each process", type = "string", example = "PT5M")
        @DurationMin(millis = 1, message = "must be positive")
        @DurationMax(days = 365, message = "must be at most P365D")
        @Nullable Duration timeout,
    @DaemonWait @Nullable Duration waitForReady) {

  /** The images to remove: those without a name, or all that no container uses. */
  @Schema(name = "DockerPruneImages")
  enum Images {
    dangling,
    unused
  }

  /** The volumes to remove: those without a name, or all that no container uses. */
  @Schema(name = "DockerPruneVolumes")
  enum Volumes {
    anonymous,
    unused
  }

  @AssertTrue(message = "is not supported for volumes, which Docker does not filter by age")
  @Schema(hidden = true)
  boolean isUntil() {
    return until == null || volumes == null;
  }

  /** Returns the calls of the CLI, in an order in which one makes room for the next. */
  List<Request.Start> toStarts() {
    boolean nothing = containers == null && images == null && volumes == null && buildCache == null;
    List<Request.Start> starts = new ArrayList<>();
    if (Boolean.TRUE.equals(containers)) {
      starts.add(prune("container", List.of()));
    }
    if (images != null || nothing) {
      starts.add(prune("image", images == Images.unused ? List.of("--all") : List.of()));
    }
    if (volumes != null) {
      starts.add(prune("volume", volumes == Volumes.unused ? List.of("--all") : List.of()));
    }
    if (Boolean.TRUE.equals(buildCache) || nothing) {
      starts.add(prune("builder", List.of()));
    }
    return starts;
  }

  /** Returns the calls that remove dangling images and build cache, in which no work is lost. */
  static List<Request.Start> safe() {
    return List.of(command("image").start(false, null), command("builder").start(false, null));
  }

  private Request.Start prune(String what, List<String> options) {
    return command(what)
        .words(options)
        .option("--filter", until == null ? null : "until=" + until.toSeconds() + "s")
        .start(false, timeout);
  }

  private static DockerCommand command(String what) {
    return DockerCommand.of(what, "prune", "--force");
  }
}
