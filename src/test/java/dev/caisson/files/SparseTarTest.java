package dev.caisson.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.archive.TarEntries;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.PathText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with holes in an archive out of a sandbox whose supervisor is faked. */
class SparseTarTest {
  private static final int SIZE = 200_000;
  private static final FileInfo ROOT =
      FileInfo.builder("/d", FileInfo.Type.DIRECTORY).mode(0755).build();

  @ParameterizedTest
  @ValueSource(strings = {"/d/plain", "/d/grüße und\nmehr"})
  void holesAreLeftOutAndReadAgain(String path) throws IOException {
    byte[] tar =
        pack(
            file(path),
            extents(0, 512, 102_400, 1024, 199_680, 320),
            bytes(0, 512),
            bytes(102_400, 1024),
            bytes(199_680, 320),
            FakeFileSupervisor.file("/d/z", 1),
            bytes(0, 1));

    assertThat(tar).hasSizeLessThan(12_000);
    try (TarEntries entries = new TarEntries(inPieces(tar))) {
      entries.next();
      TarArchiveEntry entry = Objects.requireNonNull(entries.next());
      assertThat(entry.isSparse()).isTrue();
      assertThat(entries.name()).isEqualTo(path.substring(3));
      assertThat(entry.getLastModifiedTime().to(TimeUnit.MICROSECONDS)).isEqualTo(1_000_000);
      assertThat(entries.content().readAllBytes()).isEqualTo(content());
      assertThat(entries.next()).extracting(TarArchiveEntry::getName).isEqualTo("z");
      assertThat(entries.next()).isNull();
    }
  }

  @Test
  void aHoleAtTheEndIsThere() throws IOException {
    byte[] tar = pack(file("/d/f"), extents(), file("/d/g"), extents(512, 512), bytes(512, 512));

    try (TarEntries entries = new TarEntries(new ByteArrayInputStream(tar))) {
      entries.next();
      entries.next();
      assertThat(entries.content().readAllBytes()).isEqualTo(new byte[SIZE]);
      entries.next();
      assertThat(entries.content().readAllBytes()).hasSize(SIZE).contains('x');
    }
  }

  /** Only zeros have room beside such a name. */
  @Test
  void aNameThatIsNoTextHasItsHolesAsZeros() throws IOException {
    String name = PathText.of(new byte[] {'n', (byte) 0xFF});
    byte[] tar =
        pack(
            file("/d/" + name),
            extents(512, 512, 102_400, 1024),
            bytes(512, 512),
            bytes(102_400, 1024));

    try (TarEntries entries = new TarEntries(new ByteArrayInputStream(tar))) {
      entries.next();
      assertThat(entries.next()).extracting(TarArchiveEntry::isSparse).isEqualTo(false);
      assertThat(entries.name()).isEqualTo(name);
      byte[] wanted = new byte[SIZE];
      Arrays.fill(wanted, 512, 1024, (byte) 'x');
      Arrays.fill(wanted, 102_400, 103_424, (byte) 'x');
      assertThat(entries.content().readAllBytes()).isEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "512,512,0,512",
    "0,1024,512,512",
    "0,511,1024,512",
    "100,412,512,512",
    "0,512,199680,512",
    "0,512,199680,9223372036854775807"
  })
  void extentsThatAreNoneAreNotBelieved(long first, long length, long second, long rest) {
    assertThatThrownBy(() -> pack(file("/d/f"), extents(first, length, second, rest)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("extents");
  }

  @Test
  void extentsOfNothingAreNotBelieved() {
    assertThatThrownBy(() -> pack(extents(0, 512))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> pack(file("/d/f"), bytes(0, 512), extents(0, 512)))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> pack(file("/d/f"), extents(0, 1024), bytes(0, 512)))
        .as("less than was announced")
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> pack(file("/d/f"), extents(0, 512), bytes(0, 513)))
        .as("more than was announced")
        .isInstanceOf(IOException.class);
  }

  private static byte[] pack(Answer... rest) throws IOException {
    FakeFileSupervisor supervisor = new FakeFileSupervisor();
    supervisor.script = _ -> List.of(rest);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new TarWriter(out, ROOT)
        .write(ROOT, supervisor.open(new FileRequest.ReadTree("/d", true, true)));
    return out.toByteArray();
  }

  private static FileInfo file(String path) {
    return FakeFileSupervisor.file(path, SIZE);
  }

  private static Answer.Extents extents(long... numbers) {
    List<Answer.Extent> extents = new ArrayList<>();
    for (int i = 0; i < numbers.length; i += 2) {
      extents.add(new Answer.Extent(numbers[i], numbers[i + 1]));
    }
    return new Answer.Extents(extents);
  }

  private static Answer.Bytes bytes(long offset, int length) {
    return new Answer.Bytes(offset, "x".repeat(length).getBytes(StandardCharsets.UTF_8));
  }

  /** As a network brings it. */
  private static InputStream inPieces(byte[] tar) {
    return new FilterInputStream(new ByteArrayInputStream(tar)) {
      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return super.read(into, offset, Math.min(length, 100));
      }
    };
  }

  private static byte[] content() {
    byte[] wanted = new byte[SIZE];
    Arrays.fill(wanted, 0, 512, (byte) 'x');
    Arrays.fill(wanted, 102_400, 103_424, (byte) 'x');
    Arrays.fill(wanted, 199_680, SIZE, (byte) 'x');
    return wanted;
  }
}
