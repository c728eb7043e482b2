package dev.caisson.supervisor.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.caisson.supervisor.peer.Peer;
import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.Yield;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The reader of files for a peer: of one, a directory's names, or a whole tree. */
public final class FileReading {
  /**
   * The largest piece, in bytes, whose frame fits into the buffers that the JDK keeps
   * (maxCachedBufferSize).
   */
  private static final int PIECE = (128 << 10) - 64;

  private final Peer peer;
  private final FileCalls calls;
  private final FileDescriptions descriptions;
  private final Yield turn = new Yield();

  public FileReading(Peer peer, FileCalls calls, FileDescriptions descriptions) {
    this.peer = peer;
    this.calls = calls;
    this.descriptions = descriptions;
  }

  /** Sends the descriptions of what is in a directory. */
  public void list(FileRequest.ListFiles request)
      throws IOException, InterruptedException, RefusedException {
    FilePlace root = FilePlace.of(request.path());
    if (!calls.stat(root, true).isDirectory()) {
      throw FileCalls.refused(root, Errno.ENOTDIR);
    }
    TreeWalk.Visitor visitor =
        new TreeWalk.Visitor() {
          @Override
          public boolean visit(FilePlace place, FileStat stat, int depth)
              throws IOException, RefusedException {
            if (depth > 0 && !Temporary.is(place)) {
              send(place, stat);
            }
            return depth < request.depth();
          }

          @Override
          public void fail(FilePlace place, RefusedException why) {
            Log.debug("a file cannot be listed", "why", why.getMessage());
          }
        };
    new TreeWalk(calls, visitor, true).walk(root, true);
  }

  /** Sends the content of a file. */
  public void read(FileRequest.ReadFile request)
      throws IOException, InterruptedException, RefusedException {
    FilePlace place = FilePlace.of(request.path());
    // Looked at first: to open a device or a fifo is to act on it.
    calls.stat(place, true).requirePlain(place);
    int descriptor = calls.openFile(place, true);
    try (Arena arena = Arena.ofConfined()) {
      FileStat stat = calls.stat(place, descriptor);
      stat.requirePlain(place);
      peer.send(descriptions.of(place, stat));
      long offset = request.offset();
      long start = offset < 0 ? Math.max(0, stat.size() + offset) : offset;
      long most = request.length() < 0 ? Long.MAX_VALUE : request.length();
      long end = most > Long.MAX_VALUE - start ? Long.MAX_VALUE : start + most;
      if (stat.size() > 0 && start >= stat.size()) {
        return;
      }
      MemorySegment buffer = arena.allocate(PIECE);
      long at = start;
      while (at < end) {
        int count = calls.read(place, descriptor, buffer, Math.min(PIECE, end - at), at);
        if (count == 0) {
          return;
        }
        at = send(buffer, at, count);
      }
    } finally {
      calls.close(descriptor);
    }
  }

  /** Sends a tree, with the content of its plain files. */
  public void readTree(FileRequest.ReadTree request)
      throws IOException, InterruptedException, RefusedException {
    FirstNames names = new FirstNames();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(PIECE);
      TreeWalk.Visitor visitor =
          new TreeWalk.Visitor() {
            @Override
            public boolean visit(FilePlace place, FileStat stat, int depth)
                throws IOException, InterruptedException, RefusedException {
              if (Temporary.is(place)) {
                return false;
              }
              String first = request.names() ? names.firstOf(place, stat) : null;
              if (first != null) {
                peer.send(descriptions.of(place, stat, first));
              } else if (stat.isPlain()) {
                readWhole(place, depth == 0, request.holes(), buffer);
              } else {
                send(place, stat);
              }
              return true;
            }

            @Override
            public void fail(FilePlace place, RefusedException why) throws RefusedException {
              if (!isReplaced(why)) {
                throw why;
              }
            }
          };
      new TreeWalk(calls, visitor, false).walk(FilePlace.of(request.path()), true);
    }
  }

  /**
   * Tells whether something else has taken the place of what was looked at, or nothing: as good as
   * gone, and no reason to break off an archive that has begun.
   */
  private static boolean isReplaced(RefusedException why) {
    return why.is(RefusalCode.ENOENT) || why.is(RefusalCode.ENOTDIR) || why.is(RefusalCode.ELOOP);
  }

  private void readWhole(FilePlace place, boolean follow, boolean holes, MemorySegment buffer)
      throws IOException, InterruptedException, RefusedException {
    int descriptor;
    try {
      descriptor = calls.openFile(place, follow);
    } catch (RefusedException e) {
      if (isReplaced(e)) {
        return;
      }
      throw e;
    }
    try {
      FileStat stat = calls.stat(place, descriptor);
      if (!stat.isPlain()) {
        return;
      }
      peer.send(descriptions.of(place, stat));
      Answer.Extents data = holes ? DataExtents.of(calls, place, descriptor, stat, turn) : null;
      if (data == null) {
        readPart(place, descriptor, 0, stat.size(), buffer);
        return;
      }
      peer.send(data);
      for (Answer.Extent each : data.extents()) {
        readPart(place, descriptor, each.offset(), each.offset() + each.length(), buffer);
      }
    } finally {
      calls.close(descriptor);
    }
  }

  private void readPart(FilePlace place, int descriptor, long from, long to, MemorySegment buffer)
      throws IOException, InterruptedException, RefusedException {
    long at = from;
    while (at < to) {
      long most = Math.min(PIECE, to - at);
      int count = calls.read(place, descriptor, buffer, most, at);
      if (count == 0) {
        // It has shrunk since its size was told: what was announced is kept to.
        count = (int) most;
        buffer.fill((byte) 0);
      }
      at = send(buffer, at, count);
    }
  }

  private long send(MemorySegment buffer, long at, int count)
      throws IOException, InterruptedException {
    peer.send(new Answer.Bytes(at, buffer.asSlice(0, count).toArray(JAVA_BYTE)));
    turn.give();
    return at + count;
  }

  private void send(FilePlace place, FileStat stat) throws IOException, RefusedException {
    try {
      peer.send(descriptions.of(place, stat));
    } catch (RefusedException e) {
      // A link that went away between two looks.
      if (!e.is(RefusalCode.ENOENT) && !e.is(RefusalCode.EINVAL)) {
        throw e;
      }
    }
  }
}
