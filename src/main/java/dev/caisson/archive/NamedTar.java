package dev.caisson.archive;

import dev.caisson.supervisor.wire.PathText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * A tar whose names are bytes. commons-compress decodes those of a pax header as UTF-8 whatever
 * they are, so they are taken from what it reads; all others are read in an encoding of which every
 * byte is a character.
 */
final class NamedTar extends TarArchiveInputStream {
  /** The offset of the byte by which a record says what it is. */
  private static final int TYPE = 156;

  private @Nullable ByteArrayOutputStream pax;
  private Map<String, byte[]> headers = Map.of();

  NamedTar(InputStream in) {
    super(new FullReads(in), StandardCharsets.ISO_8859_1.name());
  }

  @Override
  public TarArchiveEntry getNextEntry() throws IOException {
    headers = Map.of();
    return super.getNextEntry();
  }

  @Override
  protected byte[] readRecord() throws IOException {
    parsed();
    byte[] record = super.readRecord();
    if (record != null
        && record.length > TYPE
        && (record[TYPE] == TarConstants.LF_PAX_EXTENDED_HEADER_LC
            || record[TYPE] == TarConstants.LF_PAX_EXTENDED_HEADER_UC)) {
      pax = new ByteArrayOutputStream();
    }
    return record;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = super.read(into, offset, length);
    if (pax != null && count > 0) {
      pax.write(into, offset, count);
    }
    return count;
  }

  /** Takes apart what was read since the record of a pax header: lines of LENGTH KEY=VALUE. */
  private void parsed() {
    if (pax == null) {
      return;
    }
    byte[] all = pax.toByteArray();
    pax = null;
    headers = new HashMap<>();
    for (int at = 0; at < all.length; ) {
      int space = indexOf(all, ' ', at);
      int equals = indexOf(all, '=', space);
      int end = at + length(all, at, space);
      if (space < at || equals < space || end <= equals || end > all.length) {
        return;
      }
      headers.put(
          new String(all, space + 1, equals - space - 1, StandardCharsets.UTF_8),
          Arrays.copyOfRange(all, equals + 1, end - 1));
      at = end;
    }
  }

  private static int indexOf(byte[] all, char character, int from) {
    for (int at = Math.max(from, 0); at < all.length; at++) {
      if (all[at] == character) {
        return at;
      }
    }
    return -1;
  }

  private static int length(byte[] all, int from, int to) {
    int length = 0;
    for (int at = from; at < to && length < all.length; at++) {
      length = length * 10 + Character.digit(all[at], 10);
    }
    return length;
  }

  /** Returns the name of the newest entry, as {@link PathText}. */
  String name(TarArchiveEntry entry) {
    byte[] sparse = headers.get("GNU.sparse.name");
    return text(sparse == null ? headers.get("path") : sparse, entry.getName());
  }

  /** Returns where the newest entry leads, which is a link, as {@link PathText}. */
  String linkName(TarArchiveEntry entry) {
    return text(headers.get("linkpath"), entry.getLinkName());
  }

  /** Returns what a pax header says by this key, or else what was read of the entry itself. */
  String text(String key, String read) {
    return text(headers.get(key), read);
  }

  private static String text(byte @Nullable [] pax, @Nullable String read) {
    return PathText.of(
        pax == null ? String.valueOf(read).getBytes(StandardCharsets.ISO_8859_1) : pax);
  }
}
