package dev.caisson.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tars as a hostile writer makes them, read by {@link TarEntries}. */
class TarEntriesTest {
  private static final int RECORD = 512;
  private static final long EXBIBYTE = 1L << 60;

  @Test
  void anHonestTarIsReadWhole() throws IOException {
    String longName = "d/" + "n".repeat(300) + "/grüße";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (String name : List.of("a", longName, "z")) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(3);
        out.putArchiveEntry(entry);
        out.write(new byte[] {1, 2, 3});
        out.closeArchiveEntry();
      }
    }
    List<String> names = new ArrayList<>();
    try (TarEntries tar = new TarEntries(new ByteArrayInputStream(bytes.toByteArray()))) {
      for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
        names.add(entry.getName());
        if (entry.getName().equals("z")) {
          assertThat(tar.content().readAllBytes()).containsExactly(1, 2, 3);
        }
      }
    }
    assertThat(names).hasSize(3).startsWith("a").endsWith("z");
  }

  @Test
  void contentOfAnySizeIsPassedOver() throws IOException {
    int large = 3 * TarEntries.MAX_HEAD;
    InputStream in =
        tar(
            head("large", TarConstants.LF_NORMAL, large),
            new byte[(large + RECORD - 1) / RECORD * RECORD],
            head("next", TarConstants.LF_NORMAL, 0),
            new byte[2 * RECORD]);
    try (TarEntries tar = new TarEntries(in)) {
      assertThat(tar.next()).extracting(TarArchiveEntry::getName).isEqualTo("large");
      assertThat(tar.next()).extracting(TarArchiveEntry::getName).isEqualTo("next");
      assertThat(tar.next()).isNull();
    }
  }

  /** Each of these kinds of head has content that is kept in memory, here without an end. */
  @ParameterizedTest
  @ValueSource(
      bytes = {
        TarConstants.LF_GNUTYPE_LONGNAME,
        TarConstants.LF_GNUTYPE_LONGLINK,
        TarConstants.LF_PAX_EXTENDED_HEADER_LC,
        TarConstants.LF_PAX_EXTENDED_HEADER_UC,
        TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER
      })
  void aHeadWithoutAnEndIsRefused(byte kind) throws IOException {
    for (byte filling : new byte[] {'x', '9', ' ', 0}) {
      CountingInput counted = new CountingInput(endless(filling));
      try (TarEntries tar =
          new TarEntries(
              new SequenceInputStream(
                  new ByteArrayInputStream(head("x", kind, EXBIBYTE)), counted))) {
        assertThatThrownBy(() -> all(tar)).isInstanceOf(IOException.class);
      }
      assertThat(counted.count).isLessThanOrEqualTo(TarEntries.MAX_HEAD + (64L << 10));
    }
  }

  @Test
  void aPaxHeaderOfAnAnnouncedLengthIsNotAllocatedForIt() throws IOException {
    byte[] pax = "2000000000 comment=".getBytes(StandardCharsets.US_ASCII);
    InputStream in =
        new SequenceInputStream(
            tar(head("x", TarConstants.LF_PAX_EXTENDED_HEADER_LC, 2_000_000_019L), pax),
            endless((byte) 'y'));
    try (TarEntries tar = new TarEntries(in)) {
      assertThatThrownBy(() -> all(tar)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void headsOfTheWholeTarDoNotAddUp() throws IOException {
    List<byte[]> parts = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      byte[] pax = pax("k" + i, "v".repeat(60 << 10));
      parts.add(head("g", TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER, pax.length));
      parts.add(Arrays.copyOf(pax, (pax.length + RECORD - 1) / RECORD * RECORD));
      parts.add(head("f" + i, TarConstants.LF_NORMAL, 0));
    }
    parts.add(new byte[2 * RECORD]);
    try (TarEntries tar = new TarEntries(tar(parts.toArray(byte[][]::new)))) {
      assertThatThrownBy(() -> all(tar)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aNameThatNoKernelTakesIsRefused() throws IOException {
    byte[] name = Arrays.copyOf("a/".repeat(4000).getBytes(StandardCharsets.US_ASCII), 8192);
    try (TarEntries tar =
        new TarEntries(
            tar(
                head("n", TarConstants.LF_GNUTYPE_LONGNAME, 8000),
                name,
                head("n", TarConstants.LF_NORMAL, 0),
                new byte[2 * RECORD]))) {
      assertThatThrownBy(() -> all(tar))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("name");
    }
  }

  private static void all(TarEntries tar) throws IOException {
    while (tar.next() != null) {
      tar.content();
    }
  }

  private static InputStream tar(byte[]... parts) {
    return new SequenceInputStream(
        Collections.enumeration(
            Arrays.stream(parts)
                .map(part -> (InputStream) new ByteArrayInputStream(part))
                .toList()));
  }

  private static byte[] pax(String key, String value) {
    int length = key.length() + value.length() + 3;
    length += Integer.toString(length + 5).length();
    return (length + " " + key + "=" + value + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** A head as the format has it, with the sum that makes it one; a large size in base 256. */
  private static byte[] head(String name, byte kind, long size) {
    byte[] head = new byte[RECORD];
    put(head, 0, name);
    put(head, 100, "0000644\0");
    put(head, 108, "0000000\0");
    put(head, 116, "0000000\0");
    if (size < 1L << 33) {
      put(head, 124, String.format("%011o ", size));
    } else {
      head[124] = (byte) 0x80;
      for (int i = 0; i < 8; i++) {
        head[135 - i] = (byte) (size >>> (8 * i));
      }
    }
    put(head, 136, "00000000000 ");
    put(head, 148, "        ");
    head[156] = kind;
    put(head, 257, "ustar\00000");
    int sum = 0;
    for (byte each : head) {
      sum += each & 0xff;
    }
    put(head, 148, String.format("%06o\0 ", sum));
    return head;
  }

  private static void put(byte[] head, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, head, at, bytes.length);
  }

  private static InputStream endless(byte filling) {
    return new InputStream() {
      @Override
      public int read() {
        return filling & 0xff;
      }

      @Override
      public int read(byte[] bytes, int from, int length) {
        Arrays.fill(bytes, from, from + length, filling);
        return length;
      }
    };
  }

  /** Counts what is read of it. */
  private static final class CountingInput extends FilterInputStream {
    private long count;

    CountingInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      count++;
      return super.read();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = super.read(bytes, from, length);
      count += read;
      return read;
    }
  }
}
