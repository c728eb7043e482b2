package dev.caisson.engine;

import com.fasterxml.jackson.databind.MappingIterator;
import com.github.dockerjava.api.model.CpuStatsConfig;
import com.github.dockerjava.api.model.MemoryStatsConfig;
import com.github.dockerjava.api.model.PidsStatsConfig;
import com.github.dockerjava.api.model.StatisticNetworksConfig;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.StatsConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.caisson.engine.client.EngineErrors;
import dev.caisson.engine.client.Operation;
import dev.caisson.sandbox.Usage;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The samples that the engine takes of a container, in the words of the port. */
final class ContainerUsage implements Usage.Readings {
  private final Response response;
  private final EngineErrors errors;
  private volatile boolean closed;
  private @Nullable MappingIterator<Statistics> samples;

  ContainerUsage(Response response, EngineErrors errors) {
    this.response = response;
    this.errors = errors;
  }

  @Override
  public @Nullable Usage next() {
    try {
      MappingIterator<Statistics> reading = samples;
      if (reading == null) {
        reading =
            DockerClientConfig.getDefaultObjectMapper()
                .readerFor(Statistics.class)
                .readValues(response.getBody());
        samples = reading;
      }
      return reading.hasNextValue() ? usage(reading.nextValue()) : null;
    } catch (IOException | RuntimeException e) {
      if (closed) {
        return null;
      }
      throw errors.of(Operation.USAGE, e);
    }
  }

  /**
   * Reads a sample; null where the container does not run any more: the engine goes on with empty
   * samples then.
   */
  static @Nullable Usage usage(Statistics sample) {
    CpuStatsConfig cpu = sample.getCpuStats();
    String read = sample.getRead();
    Long total =
        cpu == null || cpu.getCpuUsage() == null ? null : cpu.getCpuUsage().getTotalUsage();
    if (read == null || read.startsWith("0001-") || total == null) {
      return null;
    }
    PidsStatsConfig pids = sample.getPidsStats();
    return new Usage(
        Instant.parse(read),
        percent(cpu, sample.getPreCpuStats()),
        memory(sample.getMemoryStats()),
        pids == null ? 0 : number(pids.getCurrent()),
        network(sample, StatisticNetworksConfig::getRxBytes),
        network(sample, StatisticNetworksConfig::getTxBytes),
        null);
  }

  private static double percent(CpuStatsConfig now, @Nullable CpuStatsConfig before) {
    if (before == null || before.getCpuUsage() == null || now.getCpuUsage() == null) {
      return 0;
    }
    long past = number(before.getSystemCpuUsage());
    long used =
        number(now.getCpuUsage().getTotalUsage()) - number(before.getCpuUsage().getTotalUsage());
    long passed = number(now.getSystemCpuUsage()) - past;
    long processors = Math.max(1, number(now.getOnlineCpus()));
    return past == 0 || passed <= 0 || used < 0
        ? 0
        : Math.round(1000.0 * used / passed * processors) / 10.0;
  }

  /**
   * Returns the memory in use without the cache, which cgroup v1 calls total_inactive_file, v2
   * inactive_file.
   */
  private static long memory(@Nullable MemoryStatsConfig memory) {
    if (memory == null) {
      return 0;
    }
    StatsConfig parts = memory.getStats();
    long cache =
        parts == null
            ? 0
            : Math.max(number(parts.getTotalInactiveFile()), number(parts.getInactiveFile()));
    long usage = number(memory.getUsage());
    return cache < usage ? usage - cache : usage;
  }

  private static long network(Statistics sample, ToLongFunction<StatisticNetworksConfig> bytes) {
    Map<String, StatisticNetworksConfig> networks = sample.getNetworks();
    Collection<StatisticNetworksConfig> all = networks == null ? List.of() : networks.values();
    return all.stream().mapToLong(bytes).sum();
  }

  private static long number(@Nullable Long value) {
    return value == null ? 0 : value;
  }

  @Override
  public void close() {
    closed = true;
    response.close();
  }
}
