package dev.caisson.host;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the host can do, and what follows from it for sandboxes.
 *
 * @param isolation what a sandbox without Docker gets that asks for nothing
 * @param dockerIsolation the same with Docker
 * @param registryMirrors of the daemons in sandboxes, asked as this is answered
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
    List<RegistryMirror> registryMirrors,
    List<Mode> modes,
    List<String> warnings) {

  /** The same with how mirrors answer at this moment. */
  HostReport with(List<RegistryMirror> mirrors) {
    List<String> all = new ArrayList<>(warnings);
    mirrors.stream()
        .filter(mirror -> !mirror.answers())
        .map(RegistryMirror::warning)
        .forEach(all::add);
    return new HostReport(
        examinedAt,
        tookMs,
        engine,
        findings,
        isolation,
        dockerIsolation,
        storageDriver,
        network,
        disk,
        mirrors,
        modes,
        all);
  }

  /** The mode of this name. */
  public Optional<Mode> mode(String name) {
    return modes.stream().filter(mode -> mode.name().equals(name)).findFirst();
  }
}
