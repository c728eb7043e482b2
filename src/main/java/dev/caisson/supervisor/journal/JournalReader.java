package dev.caisson.supervisor.journal;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.StreamName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;
import org.springframework.modulith.NamedInterface;

/**
 * A reader of a journal from its directory, one that is still written or an archived copy, which
 * believes nothing in it: it holds a position and one window of the file, never more.
 */
@NamedInterface("journal")
public final class JournalReader implements AutoCloseable {
  private static final int WINDOW = 64 << 10;

  private final Path directory;
  private final @Nullable StreamName only;

  /** The seq of the next piece, where none was dropped. */
  private long expected;

  private @Nullable FileChannel channel;
  private long firstSeq;
  private long position;
  private ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);

  /** The offset in the file at which the window begins. */
  private long windowStart;

  /** The piece found behind the gap that was answered for it. */
  private Answer.@Nullable Output held;

  private JournalReader(Path directory, long expected, @Nullable StreamName only) {
    this.directory = directory;
    this.expected = expected;
    this.only = only;
  }

  /** Reads both streams, from the piece after this seq. */
  public static JournalReader after(Path directory, long seq) {
    return new JournalReader(directory, Math.max(seq, 0) + 1, null);
  }

  /** Reads one stream, from a segment that holds this offset or as near to it as is kept. */
  public static JournalReader of(Path directory, StreamName stream, long offset)
      throws IOException {
    NavigableMap<Long, Path> segments = JournalFormat.segments(directory);
    for (Map.Entry<Long, Path> segment : segments.descendingMap().entrySet()) {
      try (FileChannel file = FileChannel.open(segment.getValue(), StandardOpenOption.READ)) {
        JournalFormat.SegmentHeader header = header(file);
        if (header != null && header.offset(stream) <= offset) {
          return new JournalReader(directory, segment.getKey(), stream);
        }
      } catch (NoSuchFileException e) {
        // The bound dropped it meanwhile, and with it all that are older.
        break;
      }
    }
    return new JournalReader(directory, 1, stream);
  }

  /**
   * Returns the next piece, or the gap before it, or null where nothing more is written (yet). A
   * reader of one stream gets no gaps: the offsets show them.
   */
  public Answer.@Nullable Simple next() throws IOException {
    if (held != null) {
      Answer.Output piece = held;
      held = null;
      return piece;
    }
    Answer.Output piece = piece();
    if (piece == null) {
      return null;
    }
    long from = expected;
    expected = piece.seq() + 1;
    if (piece.seq() > from && only == null) {
      held = piece;
      return new Answer.Gap(from, piece.seq() - 1);
    }
    return piece;
  }

  private Answer.@Nullable Output piece() throws IOException {
    while (channel != null || open(segmentFor(expected))) {
      Answer.Output piece = frame();
      if (piece != null) {
        return piece;
      }
      Map.Entry<Long, Path> next = JournalFormat.segments(directory).higherEntry(firstSeq);
      if (next == null) {
        return null;
      }
      // The last frames may have been written between the two looks.
      piece = frame();
      if (piece != null) {
        return piece;
      }
      close();
      open(next);
    }
    return null;
  }

  private Map.@Nullable Entry<Long, Path> segmentFor(long seq) throws IOException {
    NavigableMap<Long, Path> segments = JournalFormat.segments(directory);
    Map.Entry<Long, Path> at = segments.floorEntry(seq);
    return at != null ? at : segments.firstEntry();
  }

  /** Opens a segment; one that was dropped meanwhile gives way to the first that is kept. */
  private boolean open(Map.@Nullable Entry<Long, Path> segment) throws IOException {
    Map.Entry<Long, Path> wanted = segment;
    while (wanted != null) {
      try {
        FileChannel file = FileChannel.open(wanted.getValue(), StandardOpenOption.READ);
        if (header(file) == null) {
          // It has just been made, and is empty.
          file.close();
          return false;
        }
        channel = file;
        firstSeq = wanted.getKey();
        position = JournalFormat.SEGMENT_HEADER;
        window.limit(0);
        return true;
      } catch (NoSuchFileException e) {
        wanted = JournalFormat.segments(directory).higherEntry(wanted.getKey());
      }
    }
    return false;
  }

  /** Reads the header of a segment; null where the segment is shorter than that. */
  static JournalFormat.@Nullable SegmentHeader header(FileChannel file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(JournalFormat.SEGMENT_HEADER);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, bytes.position()) < 0) {
        return null;
      }
    }
    return JournalFormat.SegmentHeader.decoded(bytes.flip());
  }

  /**
   * Returns the next whole frame that is wanted in the open segment, or null at its present end.
   */
  private Answer.@Nullable Output frame() throws IOException {
    while (fill(JournalFormat.FRAME_HEADER)) {
      int at = (int) (position - windowStart);
      long seq = window.getLong(at);
      StreamName stream = JournalFormat.stream(window.get(at + 16));
      int length = window.getInt(at + 25);
      if (length < 0 || length > JournalFormat.MAX_PIECE || seq < firstSeq) {
        throw new IOException("the journal is damaged at " + position + " of " + firstSeq);
      }
      int size = JournalFormat.FRAME_HEADER + length;
      if (seq < expected || (only != null && stream != only)) {
        if (!whole(size)) {
          return null;
        }
        position += size;
        continue;
      }
      if (!fill(size)) {
        return null;
      }
      at = (int) (position - windowStart);
      byte[] bytes = new byte[length];
      window.get(at + JournalFormat.FRAME_HEADER, bytes);
      position += size;
      return new Answer.Output(seq, window.getLong(at + 8), stream, window.getLong(at + 17), bytes);
    }
    return null;
  }

  /** Returns whether a frame of this size, which is to be skipped, is there to its end. */
  private boolean whole(int size) throws IOException {
    long end = position + size;
    return end <= windowStart + window.limit() || (channel != null && end <= channel.size());
  }

  /** Fills the window with so many bytes from the position on; false if there are not so many. */
  private boolean fill(int count) throws IOException {
    if (channel == null) {
      return false;
    }
    if (position >= windowStart && position + count <= windowStart + window.limit()) {
      return true;
    }
    if (count > window.capacity()) {
      window = ByteBuffer.allocate(count);
    }
    window.clear();
    windowStart = position;
    while (window.position() < count) {
      if (channel.read(window, windowStart + window.position()) < 0) {
        window.flip();
        return false;
      }
    }
    window.flip();
    return true;
  }

  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}
