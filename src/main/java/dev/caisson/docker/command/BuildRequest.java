package dev.caisson.docker.command;

import dev.caisson.docker.DaemonWait;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request to build an image from a directory in the sandbox. */
@Schema(name = "DockerBuild")
record BuildRequest(
    @Schema(description = "Build context, a directory in the sandbox", example = "/workspace/app")
        @NotNull
        @Size(max = 4096)
        @Pattern(regexp = "/[^\\x00]*", message = "must be an absolute path")
        String path,
    @Schema(example = "[\"app:1.2\"]") @Size(max = 100)
        @Nullable List<@NotNull @ImageName String> tags,
    @Schema(description = "Path of the Dockerfile in the context", example = "Dockerfile")
        @DockerfilePath
        @Nullable String dockerfile,
    @Schema(description = "Stage to build") @BuildTarget @Nullable String target,
    @Schema(example = "linux/amd64") @Platform @Nullable String platform,
    @Nullable Boolean noCache,
    @Schema(description = "Whether to always look for newer base images") @Nullable Boolean pull,
    @Schema(
            description =
                "Build arguments by name. They remain in the image's history: do not use them for"
                    + " secrets.")
        @Nullable Map<String, @Nullable String> buildArgs,
    @Schema(
            description =
                "Secrets by ID, for `RUN --mount=type=secret,id=…`. They are only in the"
                    + " environment of the build's process, and in no layer.")
        @Nullable Map<String, @Nullable String> secrets,
    @InBackground @Nullable Boolean background,
    @ProcessLife @Nullable Duration timeout,
    @DaemonWait @Nullable Duration waitForReady)
    implements BuildOptions, DockerOperation {

  @Override
  public Request.Start toStart() {
    return BuildCommand.of(this, buildArgs, secrets)
        .in(path)
        .arguments(List.of("."))
        .start(background, timeout);
  }

  /** Returns a text with the names of variables, but not their values. */
  @Override
  public String toString() {
    return "BuildRequest[path=%s, tags=%s, buildArgs=%s, secrets=%s]"
        .formatted(path, tags, DockerCommand.names(buildArgs), DockerCommand.names(secrets));
  }
}
