package dev.caisson.docker.compose;

import dev.caisson.docker.DaemonWait;
import dev.caisson.docker.command.DockerCommand;
import dev.caisson.docker.command.InBackground;
import dev.caisson.docker.command.ProcessLife;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request for the output of the containers of a compose project. */
@Schema(name = "ComposeLogs")
record ComposeLogsRequest(
    @Valid @Nullable ComposeSource source,
    @ServiceNames @Size(max = ServiceNames.MOST)
        @Nullable List<@NotNull @ServiceName String> services,
    @Schema(description = "Whether to follow the output until the containers end")
        @Nullable Boolean follow,
    @Schema(description = "Number of lines from the end of each container's output") @PositiveOrZero
        @Nullable Integer tail,
    @Nullable Boolean timestamps,
    @InBackground @Nullable Boolean background,
    @ProcessLife @Nullable Duration timeout,
    @DaemonWait @Nullable Duration waitForReady)
    implements ComposeVerb {

  @Override
  public DockerCommand add(DockerCommand compose) {
    return compose
        .words(List.of("logs"))
        .flag("--no-color", true)
        .flag("--follow", follow)
        .option("--tail", tail)
        .flag("--timestamps", timestamps)
        .arguments(services);
  }

  @Override
  public boolean needsSource() {
    return false;
  }
}
