package dev.caisson.docker.compose;

import dev.caisson.docker.DaemonWait;
import dev.caisson.docker.command.DockerCommand;
import dev.caisson.docker.command.InBackground;
import dev.caisson.docker.command.ProcessLife;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request to build the images of a compose project. */
@Schema(name = "ComposeBuild")
record ComposeBuildRequest(
    @Valid @Nullable ComposeSource source,
    @ServiceNames @Size(max = ServiceNames.MOST)
        @Nullable List<@NotNull @ServiceName String> services,
    @Nullable Boolean noCache,
    @Schema(description = "Whether to always look for newer base images") @Nullable Boolean pull,
    @InBackground @Nullable Boolean background,
    @ProcessLife @Nullable Duration timeout,
    @DaemonWait @Nullable Duration waitForReady)
    implements ComposeVerb {

  @Override
  public DockerCommand add(DockerCommand compose) {
    return compose
        .words(List.of("build"))
        .flag("--no-cache", noCache)
        .flag("--pull", pull)
        .arguments(services);
  }

  @Override
  public boolean needsSource() {
    return true;
  }
}
