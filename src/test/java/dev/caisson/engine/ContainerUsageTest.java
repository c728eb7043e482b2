package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.FakeHttp;
import dev.caisson.engine.client.Operation;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.Usage;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The engine's samples, as its 20.10 wrote them. */
class ContainerUsageTest {
  private static final String SAMPLE =
      """
      {"read":"2026-11-22T17:52:43.378461906Z","preread":"%s","pids_stats":{"current":43},
       "cpu_stats":{"cpu_usage":{"total_usage":2500000000},"system_cpu_usage":112702000000000,\
      "online_cpus":2},
       "precpu_stats":{"cpu_usage":{"total_usage":%d},"system_cpu_usage":%d,"online_cpus":2},
       "memory_stats":{"usage":75157504,"stats":{"total_inactive_file":5157504},"limit":2147483648},
       "networks":{"eth0":{"rx_bytes":1462,"tx_bytes":10},"eth1":{"rx_bytes":38,"tx_bytes":5}}}
      """;
  private static final String FIRST = SAMPLE.formatted("0001-01-01T00:00:00Z", 0, 0);
  private static final String NEXT =
      SAMPLE.formatted("2026-11-22T17:52:42.378461906Z", 2000000000L, 112700000000000L);
  private static final String ENDED =
      """
      {"read":"0001-01-01T00:00:00Z","cpu_stats":{"cpu_usage":{"total_usage":0}},"memory_stats":{}}
      """;

  private final FakeHttp http = new FakeHttp();

  private Usage.Readings readings(String body) {
    http.on("GET /containers/c1/stats", 200, body);
    EngineClient client = http.client();
    return new ContainerUsage(
        client.open(Operation.USAGE, "/containers/c1/stats?stream=true"), client.errors());
  }

  @Test
  void aSampleSaysWhatIsUsedSinceTheOneBefore() {
    try (Usage.Readings readings = readings(FIRST + NEXT)) {
      Usage first = readings.next();
      assertThat(first)
          .isEqualTo(
              new Usage(
                  Instant.parse("2026-11-22T17:52:43.378461906Z"),
                  0,
                  70_000_000,
                  43,
                  1500,
                  15,
                  null));
      // Half a second of processor time in a second of two processors (2 s of the system).
      Usage next = readings.next();
      assertThat(next == null ? 0 : next.cpuPercent()).isEqualTo(50);
      assertThat(readings.next()).isNull();
    }
    assertThat(http.open).hasValue(0);
  }

  @Test
  void aContainerThatHasEndedHasNoMore() {
    try (Usage.Readings readings = readings(NEXT + ENDED)) {
      assertThat(readings.next()).isNotNull();
      assertThat(readings.next()).isNull();
    }
  }

  @Test
  void whatIsNotUnderstoodIsAnErrorOfTheEngine() {
    try (Usage.Readings readings = readings("{\"read\":")) {
      assertThatThrownBy(readings::next).isInstanceOf(EngineException.class);
    }
  }
}
