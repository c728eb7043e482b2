package dev.caisson.docker.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.supervisor.wire.StreamName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a daemon sends of a container's output and figures, whole, cut or forged. */
class ContainerOutputTest {
  private static final String FRAMED = "application/vnd.docker.multiplexed-stream";

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  @Test
  void streamsAreToldApartAndCharactersComeOutWhole() throws IOException {
    byte[] text = "gr\u00fc\u00df".getBytes(StandardCharsets.UTF_8);
    frame(1, Arrays.copyOf(text, 3));
    frame(2, "error".getBytes(StandardCharsets.UTF_8));
    frame(1, Arrays.copyOfRange(text, 3, text.length));
    ContainerOutput output = output(FRAMED);

    assertThat(text(output)).isEqualTo("STDOUT gr");
    assertThat(text(output)).isEqualTo("STDERR error");
    assertThat(text(output)).isEqualTo("STDOUT \u00fc\u00df");
    assertThat(output.next()).isNull();
  }

  @Test
  void aTerminalsOutputHasNoFrames() throws IOException {
    sent.write("plain".getBytes(StandardCharsets.UTF_8));
    ContainerOutput output = output("application/vnd.docker.raw-stream");

    assertThat(text(output)).isEqualTo("STDOUT plain");
    assertThat(output.next()).isNull();
  }

  @Test
  void whatBreaksOffOrIsForgedIsNoEnd() throws IOException {
    frame(1, new byte[10]);
    ContainerOutput cut =
        new ContainerOutput(
            new ByteArrayInputStream(Arrays.copyOf(sent.toByteArray(), 15)), FRAMED);
    assertThatThrownBy(cut::next).isInstanceOf(EOFException.class);

    sent.reset();
    sent.write(new byte[] {1, 0, 0, 0, (byte) 0x7f, 0, 0, 0});
    assertThatThrownBy(() -> output(FRAMED).next())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("out of bounds");
  }

  @Test
  void figuresAreThoseThatDockerStatsShows() {
    ContainerStats stats =
        ContainerStats.from(
            JsonMapper.builder()
                .build()
                .readTree(
                    """
                    {"read": "2026-11-22T09:00:01.5Z",
                     "cpu_stats": {"cpu_usage": {"total_usage": 3000000000},
                       "system_cpu_usage": 20000000000, "online_cpus": 2},
                     "precpu_stats": {"cpu_usage": {"total_usage": 2000000000},
                       "system_cpu_usage": 16000000000},
                     "memory_stats": {"usage": 5000, "limit": 9000,
                       "stats": {"total_inactive_file": 1000}},
                     "pids_stats": {"current": 4},
                     "networks": {"eth0": {"rx_bytes": 5, "tx_bytes": 6},
                       "eth1": {"rx_bytes": 1, "tx_bytes": 1}},
                     "blkio_stats": {"io_service_bytes_recursive": [
                       {"op": "Read", "value": 7}, {"op": "write", "value": 8}]}}
                    """));

    assertThat(stats.cpuPercent()).isEqualTo(50.0);
    assertThat(stats.cpuTime()).hasSeconds(3);
    assertThat(stats.memoryBytes()).isEqualTo(4000);
    assertThat(stats.memoryLimitBytes()).isEqualTo(9000);
    assertThat(stats.networkReceivedBytes()).isEqualTo(6);
    assertThat(stats.readBytes()).isEqualTo(7);
    assertThat(stats.writtenBytes()).isEqualTo(8);
    assertThat(stats.processes()).isEqualTo(4);
  }

  @Test
  void aContainerOfWhichNothingIsSaidIsStillOne() {
    ContainerAnswer nothing =
        ContainerAnswer.from(JsonMapper.builder().build().readTree("{\"Created\": \"nonsense\"}"));
    assertThat(nothing.state()).isEqualTo(ContainerState.UNKNOWN);
    assertThat(nothing.createdAt()).isNull();
    assertThat(nothing.health()).isEqualTo(ContainerHealth.NONE);
  }

  private void frame(int stream, byte[] bytes) throws IOException {
    DataOutputStream out = new DataOutputStream(sent);
    out.write(stream);
    out.write(new byte[3]);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private ContainerOutput output(String type) {
    return new ContainerOutput(new ByteArrayInputStream(sent.toByteArray()), type);
  }

  private static String text(ContainerOutput output) throws IOException {
    ContainerOutput.Piece piece = Objects.requireNonNull(output.next());
    StreamName stream = piece.stream();
    return stream + " " + output.text(piece);
  }
}
