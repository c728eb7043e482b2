package dev.caisson.supervisor.journal;

import dev.caisson.supervisor.system.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The records of processes that ended without a word, one behind the other: an append for each, in
 * the place of a directory and a file. Its segments have the form of a journal's, so that whatever
 * copies journals copies them; the text of a piece is a record. A later record of a process stands
 * for its earlier ones.
 */
final class RecordLog {
  private static final int SEGMENT = 256 << 10;

  /** The bits of a place that say where in its segment a record begins. */
  private static final int OFFSET_BITS = 32;

  private final Path directory;

  /** The segments of which a record is wanted, and the one that is written. */
  private final Map<Integer, Segment> segments = new HashMap<>();

  private int current = -1;
  private long lastSeq;
  private @Nullable FileChannel channel;

  /** A segment: how many of its records are wanted. */
  private static final class Segment {
    private final Path file;
    private int size = JournalFormat.SEGMENT_HEADER;
    private int wanted;

    Segment(Path file) {
      this.file = file;
    }
  }

  /**
   * A record that an earlier supervisor has left.
   *
   * @param place where it is read again
   */
  record Found(long place, byte[] bytes) {}

  RecordLog(Path directory) {
    this.directory = directory;
  }

  /** Reads what an earlier supervisor has left; called once, before anything is appended. */
  synchronized List<Found> left() throws IOException {
    List<Found> left = new ArrayList<>();
    for (Map.Entry<Long, Path> found : JournalFormat.segments(directory).entrySet()) {
      Segment segment = new Segment(found.getValue());
      int number = ++current;
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment.file));
      int at = JournalFormat.SEGMENT_HEADER;
      lastSeq = Math.max(lastSeq, found.getKey());
      while (at + JournalFormat.FRAME_HEADER <= bytes.limit()) {
        int length = bytes.getInt(at + JournalFormat.FRAME_HEADER - Integer.BYTES);
        if (length < 0 || length > bytes.limit() - at - JournalFormat.FRAME_HEADER) {
          // The supervisor ended while it wrote it, and had told nobody.
          break;
        }
        byte[] record = new byte[length];
        bytes.get(at + JournalFormat.FRAME_HEADER, record);
        left.add(new Found(place(number, at), record));
        lastSeq = Math.max(lastSeq, bytes.getLong(at));
        segment.wanted++;
        at += JournalFormat.FRAME_HEADER + length;
      }
      segment.size = SEGMENT;
      segments.put(number, segment);
      if (segment.wanted == 0) {
        forget(number, segment);
      }
    }
    return left;
  }

  /**
   * Appends a record; it is not synced, as no record is.
   *
   * @return the place where it is read again
   */
  synchronized long append(byte[] record, long at) throws IOException {
    Segment segment = segmentFor(at);
    FileChannel open = Objects.requireNonNull(channel);
    int size = JournalFormat.FRAME_HEADER + record.length;
    ByteBuffer frame = ByteBuffer.allocate(size);
    frame.putLong(lastSeq + 1).putLong(at).put((byte) 0).putLong(lastSeq).putInt(record.length);
    frame.put(record).flip();
    try {
      while (frame.hasRemaining()) {
        open.write(frame, segment.size + (long) frame.position());
      }
    } catch (IOException e) {
      open.truncate(segment.size);
      throw e;
    }
    long place = place(current, segment.size);
    segment.size += size;
    segment.wanted++;
    lastSeq++;
    return place;
  }

  private Segment segmentFor(long at) throws IOException {
    Segment last = segments.get(current);
    if (last != null && channel != null && last.size < SEGMENT) {
      return last;
    }
    close();
    if (last != null && last.wanted == 0) {
      forget(current, last);
    }
    channel =
        JournalFormat.begin(
            directory, new JournalFormat.SegmentHeader(lastSeq + 1, lastSeq, 0, at));
    Segment segment = new Segment(JournalFormat.segment(directory, lastSeq + 1));
    segments.put(++current, segment);
    return segment;
  }

  synchronized byte[] read(long place) throws IOException {
    Segment segment = segments.get((int) (place >>> OFFSET_BITS));
    if (segment == null) {
      throw new IOException("no such record");
    }
    long at = place & (1L << OFFSET_BITS) - 1;
    try (FileChannel file = FileChannel.open(segment.file, StandardOpenOption.READ)) {
      ByteBuffer header = read(file, at, JournalFormat.FRAME_HEADER);
      int length = header.getInt(JournalFormat.FRAME_HEADER - Integer.BYTES);
      if (length < 0 || length > file.size()) {
        throw new IOException("the log of records is damaged at " + at);
      }
      return read(file, at + JournalFormat.FRAME_HEADER, length).array();
    }
  }

  private static ByteBuffer read(FileChannel file, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("the log of records ends within a record");
      }
    }
    return bytes;
  }

  /** Forgets a record: a segment of which none is wanted any more is deleted. */
  synchronized void drop(long place) {
    int number = (int) (place >>> OFFSET_BITS);
    Segment segment = segments.get(number);
    if (segment != null && --segment.wanted == 0 && (number != current || channel == null)) {
      forget(number, segment);
    }
  }

  /** Forgets all records, for good: none of them is found by a later supervisor. */
  synchronized void clear() {
    close();
    Map.copyOf(segments).forEach(this::forget);
  }

  private void forget(int number, Segment segment) {
    segments.remove(number);
    try {
      Files.deleteIfExists(segment.file);
    } catch (IOException e) {
      Log.warn("old records cannot be deleted", "file", segment.file, "error", e);
    }
  }

  private void close() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        Log.warn("the log of records cannot be closed", "error", e);
      }
    }
  }

  private static long place(int segment, int offset) {
    return (long) segment << OFFSET_BITS | offset;
  }
}
