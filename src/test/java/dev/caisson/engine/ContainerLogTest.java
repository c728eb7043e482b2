package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The log of a container, as the engine frames it. */
class ContainerLogTest {

  @Test
  void aCharacterThatIsCutByFramesIsWholeAgain() throws IOException {
    byte[] text = "größer\n".getBytes(StandardCharsets.UTF_8);

    byte[] frames = join(frame(1, text, 0, 3), frame(1, text, 3, text.length - 3));

    assertThat(read(frames)).isEqualTo("größer\n");
  }

  @Test
  void bothStreamsComeInTheirOrder() throws IOException {
    byte[] text = "out\nerr\n".getBytes(StandardCharsets.UTF_8);

    assertThat(read(join(frame(1, text, 0, 4), frame(2, text, 4, 4)))).isEqualTo("out\nerr\n");
  }

  @Test
  void whatCameBeforeABrokenEndIsThere() throws IOException {
    byte[] text = "all there is\n".getBytes(StandardCharsets.UTF_8);

    assertThat(read(join(frame(1, text, 0, text.length), new byte[] {1, 0, 0})))
        .isEqualTo("all there is\n");
  }

  @Test
  void aFrameOfNoSensibleLengthIsRefused() {
    byte[] header = {1, 0, 0, 0, (byte) 0x7f, 0, 0, 0};

    assertThatThrownBy(() -> read(header)).isInstanceOf(IOException.class);
  }

  private static String read(byte[] frames) throws IOException {
    return ContainerLog.read(new ByteArrayInputStream(frames));
  }

  private static byte[] frame(int stream, byte[] text, int from, int length) {
    return ByteBuffer.allocate(8 + length)
        .put((byte) stream)
        .putInt(4, length)
        .position(8)
        .put(text, from, length)
        .array();
  }

  private static byte[] join(byte[]... frames) throws IOException {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      joined.write(frame);
    }
    return joined.toByteArray();
  }
}
