package dev.caisson.docker.view;

import dev.caisson.docker.DaemonJson;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The resources a container uses, at one moment.
 *
 * @param cpuPercent of one processor, since the sample before; 200 are two
 * @param memoryBytes without the cache of files that can be dropped, as {@code docker stats} has it
 */
@Schema(name = "ContainerStats")
record ContainerStats(
    @Nullable Instant at,
    @Schema(example = "12.5") double cpuPercent,
    @Schema(type = "string", example = "PT12S") Duration cpuTime,
    long memoryBytes,
    @Nullable Long memoryLimitBytes,
    long processes,
    long networkReceivedBytes,
    long networkSentBytes,
    long readBytes,
    long writtenBytes) {

  static ContainerStats from(JsonNode stats) {
    JsonNode cpu = stats.path("cpu_stats");
    JsonNode memory = stats.path("memory_stats");
    long limit = DaemonJson.number(memory, "limit");
    return new ContainerStats(
        DaemonJson.time(stats, "read"),
        percent(cpu, stats.path("precpu_stats")),
        Duration.ofNanos(DaemonJson.number(cpu.path("cpu_usage"), "total_usage")),
        used(memory),
        limit <= 0 ? null : limit,
        DaemonJson.number(stats.path("pids_stats"), "current"),
        network(stats, "rx_bytes"),
        network(stats, "tx_bytes"),
        blocks(stats, "read"),
        blocks(stats, "write"));
  }

  private static double percent(JsonNode now, JsonNode before) {
    long used =
        DaemonJson.number(now.path("cpu_usage"), "total_usage")
            - DaemonJson.number(before.path("cpu_usage"), "total_usage");
    long passed =
        DaemonJson.number(now, "system_cpu_usage") - DaemonJson.number(before, "system_cpu_usage");
    long processors = Math.max(1, DaemonJson.number(now, "online_cpus"));
    boolean first = DaemonJson.number(before, "system_cpu_usage") == 0;
    return first || passed <= 0 || used < 0
        ? 0
        : Math.round(1000.0 * used / passed * processors) / 10.0;
  }

  /**
   * Returns the memory in use without the cache, which cgroup v1 calls total_inactive_file, v2
   * inactive_file.
   */
  private static long used(JsonNode memory) {
    JsonNode parts = memory.path("stats");
    long cache =
        Math.max(
            DaemonJson.number(parts, "total_inactive_file"),
            DaemonJson.number(parts, "inactive_file"));
    long usage = DaemonJson.number(memory, "usage");
    return cache < usage ? usage - cache : usage;
  }

  private static long network(JsonNode stats, String field) {
    long sum = 0;
    for (JsonNode network : stats.path("networks")) {
      sum += DaemonJson.number(network, field);
    }
    return sum;
  }

  private static long blocks(JsonNode stats, String operation) {
    long sum = 0;
    for (JsonNode entry : stats.path("blkio_stats").path("io_service_bytes_recursive")) {
      if (DaemonJson.text(entry, "op").toLowerCase(Locale.ROOT).equals(operation)) {
        sum += DaemonJson.number(entry, "value");
      }
    }
    return sum;
  }
}
