package dev.caisson.engine;

import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.RuntimeInfo;
import dev.caisson.engine.network.EngineFacts;
import dev.caisson.host.EngineReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The engine's account of itself in the words of the host's room. */
final class EngineReports {
  /** Names of shims, not of runtimes that one would ask for. */
  private static final Set<String> LEGACY = Set.of("io.containerd.runtime.v1.linux");

  private EngineReports() {}

  static EngineReport of(Info info, EngineFacts facts, EngineReport.Kit kit) {
    return new EngineReport(
        // Podman's answer has all fields of Docker's, and this one.
        info.getRawValues().containsKey("BuildahVersion") ? EngineReport.PODMAN : "Docker",
        facts.host().version(),
        facts.host().apiVersion(),
        text(info.getOperatingSystem()),
        text(info.getKernelVersion()),
        text(info.getArchitecture()),
        facts.host().cpus(),
        facts.host().memory(),
        facts.host().cgroup(),
        text(info.getCGroupDriver()),
        text(info.getDriver()),
        facts.host().userns(),
        modules(info.getSecurityOptions()),
        missingLimits(info),
        runtimes(info.getRuntimes()),
        kit);
  }

  private static List<String> modules(@Nullable List<String> options) {
    List<String> known = Objects.requireNonNullElse(options, List.of());
    return Stream.of("apparmor", "selinux", "seccomp", "userns", "cgroupns", "rootless")
        .filter(name ->
            known.stream().anyMatch(o -> List.of(o.split(",", -1)).contains("name=" + name)))
        .toList();
  }

  /**
   * Returns only the limits that the engine itself says it lacks; docker-java has no name for
   * PidsLimit.
   */
  private static List<String> missingLimits(Info info) {
    List<String> missing = new ArrayList<>();
    if (Boolean.FALSE.equals(info.getCpuCfsQuota())) {
      missing.add("cpu");
    }
    if (Boolean.FALSE.equals(info.getMemoryLimit())) {
      missing.add("memory");
    }
    if (Boolean.FALSE.equals(info.getRawValues().get("PidsLimit"))) {
      missing.add("pids");
    }
    return missing;
  }

  private static List<EngineReport.OciRuntime> runtimes(@Nullable Map<String, RuntimeInfo> known) {
    return Objects.requireNonNullElse(known, Map.<String, RuntimeInfo>of()).entrySet().stream()
        .filter(entry -> !LEGACY.contains(entry.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .map(entry ->
            new EngineReport.OciRuntime(
                entry.getKey(),
                EngineReport.Kind.of(
                    entry.getKey(), entry.getValue() == null ? null : entry.getValue().getPath())))
        .toList();
  }

  private static String text(@Nullable String value) {
    return Objects.requireNonNullElse(value, "unknown");
  }
}
