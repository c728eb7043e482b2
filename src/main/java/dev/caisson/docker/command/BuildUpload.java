package dev.caisson.docker.command;

import dev.caisson.docker.DaemonWait;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to build an image from an uploaded tar, as query parameters; nothing secret is among
 * them.
 */
record BuildUpload(
    @Parameter(example = "app:1.2") @Size(max = 100)
        @Nullable List<@NotNull @ImageName String> tags,
    @Parameter(description = "Path of the Dockerfile in the tar", example = "Dockerfile")
        @DockerfilePath
        @Nullable String dockerfile,
    @Parameter(description = "Stage to build") @BuildTarget @Nullable String target,
    @Parameter(example = "linux/amd64") @Platform @Nullable String platform,
    @Nullable Boolean noCache,
    @Parameter(description = "Whether to always look for newer base images") @Nullable Boolean pull,
    @InBackground @Nullable Boolean background,
    @ProcessLife @Nullable Duration timeout,
    @DaemonWait @Nullable Duration waitForReady)
    implements BuildOptions {

  /** Returns the operation with the values of headers, which no proxy logs as it logs a URL. */
  DockerOperation with(
      @Nullable Map<String, @Nullable String> buildArgs,
      @Nullable Map<String, @Nullable String> secrets) {
    return new Upload(this, buildArgs, secrets);
  }

  /** The whole request, with parameters and headers. */
  @Schema(hidden = true)
  private record Upload(
      BuildUpload query,
      @Nullable Map<String, @Nullable String> buildArgs,
      @Nullable Map<String, @Nullable String> secrets)
      implements DockerOperation {

    @Override
    public Request.Start toStart() {
      return BuildCommand.of(query, buildArgs, secrets)
          .arguments(List.of("-"))
          .inputFollows()
          .start(query.background, query.timeout);
    }

    @Override
    public @Nullable Boolean background() {
      return query.background;
    }

    @Override
    public @Nullable Duration waitForReady() {
      return query.waitForReady;
    }

    /** Returns a text with the names of variables, but not their values. */
    @Override
    public String toString() {
      return "Upload[%s, buildArgs=%s, secrets=%s]"
          .formatted(query, DockerCommand.names(buildArgs), DockerCommand.names(secrets));
    }
  }
}
