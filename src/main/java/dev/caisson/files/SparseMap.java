package dev.caisson.files;

import dev.caisson.supervisor.wire.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A map of where a file in a tar has data, as GNU tar writes it in its format 1.0 for pax archives:
 * the map is the head of the entry's content, the data follows without the holes.
 */
final class SparseMap {
  private static final int BLOCK = 512;

  /**
   * The directory in the entry's own name, under which a reader that does not know the format
   * unpacks it; the file's name is in the header.
   */
  private static final String DIRECTORY = "GNUSparseFile.0/";

  private static final int LONGEST_NAME = 80;

  private final byte[] head;
  private final long data;

  private SparseMap(byte[] head, long data) {
    this.head = head;
    this.data = data;
  }

  /**
   * Makes the map of a file of this size.
   *
   * @throws IOException if the extents are not in their order, or not in the file
   */
  static SparseMap of(Answer.Extents extents, long size) throws IOException {
    StringBuilder text = new StringBuilder();
    long end = 0;
    long data = 0;
    for (Answer.Extent each : extents.extents()) {
      boolean whole = each.offset() % BLOCK == 0;
      if (!whole || each.offset() < end || each.length() > size - each.offset()) {
        throw new IOException("the extents of a file are none");
      }
      end = each.offset() + each.length();
      data += each.length();
      if (end != size && end % BLOCK != 0) {
        throw new IOException("the extents of a file are not whole blocks");
      }
      text.append(each.offset()).append('\n').append(each.length()).append('\n');
    }
    int count = extents.extents().size();
    if (end < size) {
      // An empty extent at the end gives the file its length.
      text.append(size).append("\n0\n");
      count++;
    }
    byte[] map = (count + "\n" + text).getBytes(StandardCharsets.US_ASCII);
    return new SparseMap(Arrays.copyOf(map, (map.length + BLOCK - 1) / BLOCK * BLOCK), data);
  }

  /** Returns what comes before the data. */
  byte[] head() {
    return head;
  }

  /** Returns how long the entry is: the map, and the data. */
  long length() {
    return head.length + data;
  }

  /** Returns the name of the entry itself, for a file of this name. */
  static String entryName(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1).replaceAll("[^ -~]", "_");
    return DIRECTORY + last.substring(0, Math.min(last.length(), LONGEST_NAME));
  }

  /** Returns the pax header by which readers know the file: lines of LENGTH KEY=VALUE. */
  static byte[] header(String name, long size, String modified) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Map.Entry<String, String> each :
        new TreeMap<>(
                Map.of(
                    "GNU.sparse.major",
                    "1",
                    "GNU.sparse.minor",
                    "0",
                    "GNU.sparse.name",
                    name,
                    "GNU.sparse.realsize",
                    Long.toString(size),
                    "mtime",
                    modified))
            .entrySet()) {
      lines.write(line(" " + each.getKey() + "=" + each.getValue() + "\n"));
    }
    return lines.toByteArray();
  }

  /** Puts its length before a line, which counts itself. */
  private static byte[] line(String rest) {
    int length = rest.getBytes(StandardCharsets.UTF_8).length;
    int digits = 1;
    while (Integer.toString(length + digits).length() > digits) {
      digits++;
    }
    return (length + digits + rest).getBytes(StandardCharsets.UTF_8);
  }
}
