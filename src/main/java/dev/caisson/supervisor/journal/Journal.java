package dev.caisson.supervisor.journal;

import dev.caisson.supervisor.system.Deadline;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.Micros;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.StreamName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The output of one process or unit as it is written: numbered, on disk, bounded. Nothing is made
 * on disk before the first byte.
 */
public final class Journal {
  /** The bound of a journal whose process was started without one. */
  static final long DEFAULT_BOUND = 64L << 20;

  private static final long SEGMENT = 4L << 20;
  private static final long SMALLEST_SEGMENT = 64L << 10;

  private final Path directory;
  private final long bound;
  private final long segmentSize;
  private final Clock clock;
  private final ArrayDeque<Segment> segments = new ArrayDeque<>(2);
  private final long[] offsets = new long[StreamName.values().length];

  /** The bytes of each stream that could not be written: the disk was full. */
  private final long[] lost = new long[StreamName.values().length];

  private @Nullable FileChannel channel;
  private long size;
  private long lastSeq;
  private boolean finished;
  private boolean forgotten;

  public Journal(Path directory, long bound, Clock clock) {
    this.directory = directory;
    this.bound = bound > 0 ? bound : DEFAULT_BOUND;
    this.segmentSize = Math.clamp(this.bound / 4, SMALLEST_SEGMENT, SEGMENT);
    this.clock = clock;
  }

  /** Opens the journal in this directory, to go on where an earlier supervisor left it. */
  public static Journal resumed(Path directory, long bound, Clock clock) throws IOException {
    Journal journal = new Journal(directory, bound, clock);
    for (Map.Entry<Long, Path> segment : JournalFormat.segments(directory).entrySet()) {
      journal.adopt(segment.getKey(), segment.getValue());
    }
    if (!journal.segments.isEmpty()) {
      long before = journal.segments.getLast().firstSeq - 1;
      try (JournalReader reader = JournalReader.after(directory, before)) {
        for (Answer.Simple found = reader.next(); found != null; found = reader.next()) {
          if (found instanceof Answer.Output piece) {
            journal.lastSeq = piece.seq();
            journal.offsets[JournalFormat.number(piece.stream())] =
                piece.offset() + piece.bytes().length;
          }
        }
      }
    }
    return journal;
  }

  private void adopt(long firstSeq, Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(JournalFormat.SEGMENT_HEADER);
    try (FileChannel existing = FileChannel.open(file, StandardOpenOption.READ)) {
      if (existing.read(bytes, 0) < JournalFormat.SEGMENT_HEADER) {
        Files.delete(file);
        return;
      }
      JournalFormat.SegmentHeader header = JournalFormat.SegmentHeader.decoded(bytes.flip());
      segments.add(new Segment(file, firstSeq, header, existing.size()));
      size += existing.size();
      lastSeq = firstSeq - 1;
      offsets[0] = header.stdoutOffset();
      offsets[1] = header.stderrOffset();
    }
  }

  public Path directory() {
    return directory;
  }

  /**
   * Appends a piece.
   *
   * @param frame the piece, with room for a frame's header before it; it is written as it lies
   */
  public synchronized void append(StreamName stream, ByteBuffer frame) {
    int length = frame.remaining() - JournalFormat.FRAME_HEADER;
    if (length <= 0 || forgotten) {
      return;
    }
    int index = JournalFormat.number(stream);
    frame.putLong(0, lastSeq + 1).putLong(8, Micros.now(clock)).put(16, (byte) index);
    frame.putLong(17, offsets[index]).putInt(25, length);
    try {
      Segment segment = segmentFor(frame.remaining());
      write(segment, frame);
    } catch (IOException e) {
      // A full disk must not stop the process: the piece is counted, and readers are told of a gap.
      if (lost[0] + lost[1] == 0) {
        Log.warn("output is lost", "journal", directory.getFileName(), "error", e);
      }
      lost[index] += length;
    }
    offsets[index] += length;
    lastSeq++;
    notifyAll();
  }

  private void write(Segment segment, ByteBuffer frame) throws IOException {
    int length = frame.remaining();
    FileChannel open = channel;
    if (open == null) {
      throw new IOException("no open segment");
    }
    try {
      while (frame.hasRemaining()) {
        open.write(frame, segment.size + (length - frame.remaining()));
      }
    } catch (IOException e) {
      open.truncate(segment.size);
      throw e;
    }
    segment.size += length;
    size += length;
  }

  private Segment segmentFor(int length) throws IOException {
    Segment last = segments.peekLast();
    if (channel != null && last != null && last.size + length <= segmentSize) {
      return last;
    }
    closeSegment();
    JournalFormat.SegmentHeader header =
        new JournalFormat.SegmentHeader(lastSeq + 1, offsets[0], offsets[1], Micros.now(clock));
    channel = JournalFormat.begin(directory, header);
    Path file = JournalFormat.segment(directory, lastSeq + 1);
    Segment segment = new Segment(file, lastSeq + 1, header, JournalFormat.SEGMENT_HEADER);
    segments.removeIf(older -> older.file.equals(file));
    segments.add(segment);
    size += JournalFormat.SEGMENT_HEADER;
    dropOldest();
    return segment;
  }

  /** Keeps the whole within the bound, the segment that is about to be filled included. */
  private void dropOldest() throws IOException {
    while (segments.size() > 1 && size + segmentSize > bound) {
      Segment oldest = segments.removeFirst();
      size -= oldest.size;
      Files.deleteIfExists(oldest.file);
    }
  }

  /** Returns the bytes a stream has had, and how many of them are no longer there. */
  public synchronized ProcessInfo.Volume volume(StreamName stream) {
    Segment oldest = segments.peekFirst();
    long dropped = oldest == null ? 0 : oldest.header.offset(stream);
    int index = JournalFormat.number(stream);
    return new ProcessInfo.Volume(offsets[index], Math.min(offsets[index], dropped + lost[index]));
  }

  /** Returns whether nothing was ever appended: there is no directory then, unless of others. */
  public synchronized boolean isUntouched() {
    return lastSeq == 0 && segments.isEmpty();
  }

  public synchronized long lastSeq() {
    return lastSeq;
  }

  public synchronized long size() {
    return size;
  }

  /** Waits until there is a piece after this seq, or the journal's process has ended. */
  public synchronized void awaitAfter(long seq) throws InterruptedException {
    while (lastSeq <= seq && !finished) {
      wait();
    }
  }

  /**
   * Waits until there is a piece after this seq, the journal's process has ended or the time is
   * over.
   */
  public synchronized void awaitAfter(long seq, Deadline deadline) throws InterruptedException {
    for (long left = deadline.left();
        lastSeq <= seq && !finished && left > 0;
        left = deadline.left()) {
      wait(left);
    }
  }

  /** Ends all waits, since the journal's process has ended, though descendants may still write. */
  public synchronized void finish() {
    finished = true;
    notifyAll();
  }

  /** Gives the file back, since nothing will be appended for now. */
  public synchronized void close() {
    closeSegment();
  }

  /** Drops what is on disk, and whatever may still come. */
  public synchronized void forget() {
    forgotten = true;
    closeSegment();
    finish();
  }

  private void closeSegment() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A segment as its writer knows it. */
  private static final class Segment {
    private final Path file;
    private final long firstSeq;
    private final JournalFormat.SegmentHeader header;
    private long size;

    Segment(Path file, long firstSeq, JournalFormat.SegmentHeader header, long size) {
      this.file = file;
      this.firstSeq = firstSeq;
      this.header = header;
      this.size = size;
    }
  }
}
