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

/** A request for the containers of a compose project, as the CLI lists them. */
@Schema(name = "ComposePs")
public record ComposePsRequest(
    @Valid @Nullable ComposeSource source,
    @ServiceNames @Size(max = ServiceNames.MOST)
        @Nullable List<@NotNull @ServiceName String> services,
    @Schema(description = "Whether to include containers that have ended") @Nullable Boolean all,
    @Schema(description = "Whether to write one JSON object per line instead of a table")
        @Nullable Boolean json,
    @InBackground @Nullable Boolean background,
    @ProcessLife @Nullable Duration timeout,
    @DaemonWait @Nullable Duration waitForReady)
    implements ComposeVerb {

  @Override
  public DockerCommand add(DockerCommand compose) {
    return compose
        .words(List.of("ps"))
        .flag("--all", all)
        .option("--format", Boolean.TRUE.equals(json) ? "json" : null)
        .arguments(services);
  }

  @Override
  public boolean needsSource() {
    return false;
  }
}
