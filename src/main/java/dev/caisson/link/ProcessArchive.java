package dev.caisson.link;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.journal.JournalExtent;
import dev.caisson.supervisor.journal.JournalReader;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Codec;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.ProcessInfoBuilder;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StreamName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The archived processes of one sandbox on disk, read as they were written. */
final class ProcessArchive {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9-]{1,32}");
  private static final Logger log = LoggerFactory.getLogger(ProcessArchive.class);

  /** The most processes that are read, as many as a supervisor keeps. */
  private static final int MOST = 10_000;

  /** The most bytes of all records that are read for one list, 20 times what a usual one has. */
  private static final long MOST_BYTES = 64 << 20;

  private final SandboxId sandbox;
  private final Path directory;
  private final ProcessInfo.Cause cause;
  private @Nullable NavigableMap<Long, byte[]> wordless;

  /**
   * Creates the archive of the processes in this directory.
   *
   * @param cause of the end of those that left none
   */
  ProcessArchive(SandboxId sandbox, Path directory, ProcessInfo.Cause cause) {
    this.sandbox = sandbox;
    this.directory = directory;
    this.cause = cause;
  }

  /**
   * Returns the newest processes that left a record, as far as their bounds go, by their numbers
   * from the least: read one at a time, since the sandbox's root can have written any number of any
   * size.
   */
  Iterator<ProcessInfo> processes() {
    try {
      List<Long> own = ArchivedPids.newest(directory, MOST, MOST_BYTES, ProcessInfo.LONGEST);
      NavigableSet<Long> pids = new TreeSet<>(own);
      pids.addAll(wordless().keySet());
      while (pids.size() > MOST) {
        pids.pollFirst();
      }
      return new Records(List.copyOf(pids));
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Records, each read when it is asked for; what is not one is left out. */
  private final class Records implements Iterator<ProcessInfo> {
    private final Iterator<Long> pids;
    private @Nullable ProcessInfo ahead;
    private long forged;

    Records(List<Long> pids) {
      this.pids = pids.iterator();
    }

    @Override
    public boolean hasNext() {
      while (ahead == null && pids.hasNext()) {
        ahead = process(pids.next());
        forged += ahead == null ? 1 : 0;
      }
      if (ahead == null && forged > 0) {
        log.atWarn()
            .addKeyValue("sandbox", sandbox)
            .addKeyValue("count", forged)
            .log("archived records are not as a supervisor writes them, and were left out");
        forged = 0;
      }
      return ahead != null;
    }

    @Override
    public ProcessInfo next() {
      ProcessInfo process = hasNext() ? ahead : null;
      if (process == null) {
        throw new NoSuchElementException();
      }
      ahead = null;
      return process;
    }
  }

  /**
   * Returns the records without a directory of their own; more pieces are read than a supervisor
   * keeps, since those it has dropped may still be there.
   */
  private NavigableMap<Long, byte[]> wordless() {
    NavigableMap<Long, byte[]> read = wordless;
    if (read == null) {
      read = ArchivedLog.records(directory, 2 * MOST, MOST_BYTES, ProcessInfo.LONGEST);
      wordless = read;
    }
    return read;
  }

  /** Tells whether there is an archive at all. */
  boolean exists() {
    return Files.isDirectory(directory);
  }

  /** Tells whether the output of this process is kept: it is empty if there is but a record. */
  boolean holds(String key) {
    if (!KEY.matcher(key).matches()) {
      return false;
    }
    Path process = directory.resolve(key);
    return Files.isRegularFile(process.resolve("record"))
        || extent(process) != null
        || logged(process) != null;
  }

  /** Returns a process that left no record here, with as much output as it left. */
  ProcessInfo measured(ProcessInfo process) {
    JournalExtent extent = extent(directory.resolve(Long.toString(process.pid())));
    return extent == null
        ? process
        : process.toBuilder().stdout(extent.stdout()).stderr(extent.stderr()).build();
  }

  private static @Nullable JournalExtent extent(Path process) {
    try {
      return JournalExtent.of(process);
    } catch (IOException e) {
      // The sandbox's root can have written anything there.
      return null;
    }
  }

  /** Reads the record of a process; null if it is not there. */
  @Nullable ProcessInfo process(long pid) {
    try {
      return record(directory.resolve(Long.toString(pid)));
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Reads the first bytes of a stream. */
  byte @Nullable [] first(long pid, StreamName stream, int most) {
    if (most <= 0) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Pieces pieces = read(new Request.Read(Long.toString(pid), stream, 0, most, false))) {
      while (pieces.hasNext()) {
        if (pieces.next() instanceof Answer.Bytes piece) {
          bytes.writeBytes(piece.bytes());
        }
      }
    }
    return bytes.toByteArray();
  }

  /** Returns both streams in order, then the end. */
  Pieces follow(Request.Follow request) {
    Path journal = journal(request.journal());
    Answer end =
        request.journal().chars().allMatch(Character::isDigit)
            ? new Answer.Finished(
                Objects.requireNonNull(process(Long.parseLong(request.journal()))), null, null)
            : null;
    return new Pieces(
        JournalReader.after(journal, request.after()), piece -> piece, Long.MAX_VALUE, end);
  }

  /** Returns the raw bytes of one stream. */
  Pieces read(Request.Read request) {
    try {
      long most = request.length() < 0 ? Long.MAX_VALUE : request.length();
      long from = request.offset();
      return new Pieces(
          JournalReader.of(journal(request.journal()), request.stream(), from),
          piece -> piece instanceof Answer.Output output ? bytes(output, from) : null,
          most,
          null);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private static Answer.@Nullable Bytes bytes(Answer.Output piece, long from) {
    long skip = Math.max(0, from - piece.offset());
    if (skip >= piece.bytes().length) {
      return null;
    }
    byte[] rest =
        skip == 0
            ? piece.bytes()
            : java.util.Arrays.copyOfRange(piece.bytes(), (int) skip, piece.bytes().length);
    return new Answer.Bytes(piece.offset() + skip, rest);
  }

  private Path journal(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new SupervisorException.Refused(
          sandbox, RefusalCode.NO_SUCH_PROCESS, "no journal " + key);
    }
    return directory.resolve(key);
  }

  /** Returns what the log has of a process; a directory of its own is of a later one. */
  private byte @Nullable [] logged(Path process) {
    String key = String.valueOf(process.getFileName());
    return key.matches("[1-9][0-9]{0,17}") && !Files.exists(process, LinkOption.NOFOLLOW_LINKS)
        ? wordless().get(Long.parseLong(key))
        : null;
  }

  private @Nullable ProcessInfo record(Path process) throws IOException {
    byte[] logged = logged(process);
    if (logged != null) {
      return decoded(process, logged);
    }
    Path file = process.resolve("record");
    if (!Files.isRegularFile(file) || Files.size(file) > ProcessInfo.LONGEST) {
      return null;
    }
    return decoded(process, Files.readAllBytes(file));
  }

  private @Nullable ProcessInfo decoded(Path process, byte[] bytes) {
    try {
      ProcessInfo info = Codec.decodeUntrusted(bytes, ProcessInfo.class);
      if (!process.endsWith(Long.toString(info.pid()))) {
        return null;
      }
      return info.exit() == null ? lost(info, extent(process)) : info;
    } catch (IOException | RuntimeException e) {
      // The sandbox's root can have written anything there; it must not hide the others.
      return null;
    }
  }

  /**
   * Gives an end to a process that ran when its sandbox ended: how it ended was not seen, but what
   * it wrote is there.
   */
  private ProcessInfo lost(ProcessInfo info, @Nullable JournalExtent extent) {
    long at = extent == null ? info.startedAt() : Math.max(info.startedAt(), extent.lastAt());
    ProcessInfo.Exit exit = new ProcessInfo.Exit(137, "KILL", cause, at);
    ProcessInfoBuilder ended = info.toBuilder().exit(exit);
    return (extent == null ? ended : ended.stdout(extent.stdout()).stderr(extent.stderr())).build();
  }

  private SupervisorException.Lost broken(IOException e) {
    return new SupervisorException.Lost(
        sandbox, "The archive of " + sandbox + " cannot be read: " + e.getMessage(), e);
  }

  /** The way a piece of a journal is answered; null where it is not. */
  interface Cut {
    @Nullable Answer of(Answer piece);
  }

  /** Pieces read as they are asked for, bounded in bytes, with an end after them. */
  final class Pieces implements Iterator<Answer>, AutoCloseable {
    private final JournalReader reader;
    private final Cut cut;
    private long left;
    private @Nullable Answer end;
    private @Nullable Answer ahead;

    Pieces(JournalReader reader, Cut cut, long left, @Nullable Answer end) {
      this.reader = reader;
      this.cut = cut;
      this.left = left;
      this.end = end;
    }

    @Override
    public boolean hasNext() {
      if (ahead == null) {
        ahead = look();
      }
      return ahead != null;
    }

    @Override
    public Answer next() {
      if (!hasNext() || ahead == null) {
        throw new NoSuchElementException();
      }
      Answer answer = ahead;
      ahead = null;
      return answer;
    }

    private @Nullable Answer look() {
      try {
        while (left > 0) {
          Answer piece = reader.next();
          if (piece == null) {
            break;
          }
          Answer answer = cut.of(piece);
          if (answer instanceof Answer.Bytes(long offset, byte[] bytes)) {
            int most = (int) Math.min(bytes.length, left);
            left -= most;
            return most == bytes.length
                ? answer
                : new Answer.Bytes(offset, java.util.Arrays.copyOf(bytes, most));
          }
          if (answer != null) {
            return answer;
          }
        }
      } catch (IOException e) {
        throw broken(e);
      }
      Answer last = end;
      end = null;
      return last;
    }

    @Override
    public void close() {
      try {
        reader.close();
      } catch (IOException e) {
        throw broken(e);
      }
    }
  }
}
