package dev.caisson.host;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The report of what the host can do, and what follows from it for sandboxes.
 *
 * @param isolation of a sandbox without Docker that asks for none
 * @param dockerIsolation of a sandbox with Docker that asks for none
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

  /** Returns a copy with how mirrors answer at this moment, and a warning of each that does not. */
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

  /** Returns the mode of this name. */
  public Optional<Mode> mode(String name) {
    return modes.stream().filter(mode -> mode.name().equals(name)).findFirst();
  }
}
