package dev.caisson.supervisor.journal;

import dev.caisson.supervisor.wire.StreamName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The format of a journal on disk: a directory of segments, each named by its first seq and made of
 * a header and frames. Numbers are big-endian.
 *
 * <pre>
 * segment header  magic:4 reserved:4 firstSeq:8 stdoutOffset:8 stderrOffset:8 createdAt:8
 * frame           seq:8 at:8 stream:1 offset:8 length:4 bytes
 * </pre>
 *
 * Each segment says where both streams stood when it began, so that what was dropped before it can
 * be told from it alone.
 */
public final class JournalFormat {
  static final int MAGIC = 0x43534A31;
  static final int SEGMENT_HEADER = 40;
  public static final int FRAME_HEADER = 29;

  /** The longest piece a reader believes; writers make much shorter ones. */
  static final int MAX_PIECE = 1 << 20;

  /** The name of the file with a process's {@code ProcessInfo}. */
  static final String RECORD = "record";

  /** The name of the directory with the log of the records that have none of their own. */
  public static final String LOG = "ended";

  private static final String SUFFIX = ".journal";

  private JournalFormat() {}

  static Path segment(Path directory, long firstSeq) {
    return directory.resolve(String.format(Locale.ROOT, "%019d%s", firstSeq, SUFFIX));
  }

  /**
   * Makes a segment that is open for its frames, with its header, and the directory with it.
   *
   * @throws IOException if it cannot be made in whole; nothing is left of it then
   */
  static FileChannel begin(Path directory, SegmentHeader header) throws IOException {
    Files.createDirectories(directory);
    Path file = segment(directory, header.firstSeq);
    FileChannel made =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    try {
      ByteBuffer bytes = header.encoded();
      while (bytes.hasRemaining()) {
        made.write(bytes);
      }
      return made;
    } catch (IOException e) {
      made.close();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** Returns the segments of a journal by their first seq; none where there is no directory yet. */
  static NavigableMap<Long, Path> segments(Path directory) throws IOException {
    TreeMap<Long, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        String number = name.substring(0, name.length() - SUFFIX.length());
        if (number.matches("[0-9]{19}")) {
          found.put(Long.parseLong(number), file);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return found;
    }
    return found;
  }

  /** Returns a stream's number on disk. */
  public static int number(StreamName stream) {
    return switch (stream) {
      case STDOUT -> 0;
      case STDERR -> 1;
    };
  }

  static StreamName stream(int number) throws IOException {
    return switch (number) {
      case 0 -> StreamName.STDOUT;
      case 1 -> StreamName.STDERR;
      default -> throw new IOException("the journal names a stream " + number);
    };
  }

  /** The header of a segment. */
  record SegmentHeader(long firstSeq, long stdoutOffset, long stderrOffset, long createdAt) {
    ByteBuffer encoded() {
      ByteBuffer bytes = ByteBuffer.allocate(SEGMENT_HEADER);
      bytes.putInt(MAGIC).putInt(0);
      bytes.putLong(firstSeq).putLong(stdoutOffset).putLong(stderrOffset).putLong(createdAt);
      return bytes.flip();
    }

    static SegmentHeader decoded(ByteBuffer bytes) throws IOException {
      if (bytes.getInt() != MAGIC) {
        throw new IOException("not a segment of a journal");
      }
      bytes.getInt();
      return new SegmentHeader(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    long offset(StreamName stream) {
      return stream == StreamName.STDOUT ? stdoutOffset : stderrOffset;
    }
  }
}
