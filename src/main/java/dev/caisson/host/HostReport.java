package dev.caisson.host;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the host can do, and what follows from it for sandboxes.
 *
 * @param isolation what a sandbox without Docker gets that asks for nothing
 * @param dockerIsolation the same with Docker
 * @param warnings what an operator should know
 */
@Schema(name = "Host")
public record HostReport(
    Instant examinedAt,
    long tookMs,
    EngineReport engine,
    Findings findings,
    Choice isolation,
    Choice dockerIsolation,
    Choice storageDriver,
    Choice network,
    DiskHold disk,
    List<Mode> modes,
    List<String> warnings) {

  /** The mode of this name. */
  public Optional<Mode> mode(String name) {
    return modes.stream().filter(mode -> mode.name().equals(name)).findFirst();
  }
}
