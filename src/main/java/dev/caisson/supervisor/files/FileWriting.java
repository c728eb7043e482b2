package dev.caisson.supervisor.files;

import dev.caisson.supervisor.peer.Peer;
import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.Identity;
import dev.caisson.supervisor.wire.Chunk;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The writer of a file that comes from a peer, whole or not at all: under a temporary name beside
 * its own, with which it appears when it is complete.
 */
public final class FileWriting {
  private static final int NEW_MODE = 0644;
  private static final int BUFFER = 128 << 10;

  private final Peer peer;
  private final FileCalls calls;
  private final FileDescriptions descriptions;
  private final FileChanges changes;
  private boolean heard;

  public FileWriting(
      Peer peer, FileCalls calls, FileDescriptions descriptions, FileChanges changes) {
    this.peer = peer;
    this.calls = calls;
    this.descriptions = descriptions;
    this.changes = changes;
  }

  /**
   * Returns whether the content was heard to its end, so that the next message is another request.
   */
  public boolean heardAll() {
    return heard;
  }

  public FileInfo write(FileRequest.WriteFile request)
      throws IOException, InterruptedException, RefusedException {
    FilePlace asked = FilePlace.of(request.path());
    asked.requireName();
    Identity owner = changes.owner(request.owner());
    if (request.parents()) {
      changes.makeParents(asked, owner);
    }
    boolean follow = request.follow() && request.overwrite();
    try (Destination destination = Destination.of(calls, asked, follow)) {
      FilePlace place = destination.place();
      FileStat before = before(place, request.overwrite());
      if (before != null && destination.followed()) {
        before.requirePlain(place);
      }
      FilePlace part = destination.beside(Temporary.name(calls));
      boolean done = false;
      take(part);
      try {
        own(part, request, owner, before);
        calls.rename(part, place, request.overwrite());
        done = true;
      } finally {
        if (!done) {
          calls.unlink(part, false);
        }
      }
      return descriptions.of(place, calls.stat(place, false), before != null);
    }
  }

  private @Nullable FileStat before(FilePlace place, boolean overwrite) throws RefusedException {
    FileStat before;
    try {
      before = calls.stat(place, false);
    } catch (RefusedException e) {
      if (e.is(RefusalCode.ENOENT)) {
        return null;
      }
      throw e;
    }
    if (!overwrite) {
      throw FileCalls.refused(place, Errno.EEXIST);
    }
    if (before.isDirectory()) {
      throw FileCalls.refused(place, Errno.EISDIR);
    }
    return before;
  }

  private static int mode(FileRequest.WriteFile request, @Nullable FileStat before) {
    if (request.mode() >= 0) {
      return request.mode();
    }
    return before != null && before.isPlain() ? before.mode() : NEW_MODE;
  }

  /** Takes the content; what cannot be taken whole is removed. */
  private void take(FilePlace part) throws IOException, InterruptedException, RefusedException {
    int descriptor = calls.create(part);
    boolean taken = false;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER);
      boolean holes = false;
      while (!heard) {
        Message message = peer.next();
        if (!(message instanceof Chunk chunk)) {
          throw new RefusedException(RefusalCode.EINVAL, "content is expected");
        }
        heard = chunk.last();
        if (chunk.hole() > 0) {
          holes = true;
          calls.skip(part, descriptor, chunk.hole());
        }
        calls.write(part, descriptor, chunk.bytes(), buffer);
      }
      if (holes) {
        calls.extend(part, descriptor);
      }
      taken = true;
    } finally {
      calls.close(descriptor);
      if (!taken) {
        calls.unlink(part, false);
      }
    }
  }

  private void own(
      FilePlace part, FileRequest.WriteFile request, Identity owner, @Nullable FileStat before)
      throws RefusedException {
    FileStat kept = request.owner() == null && before != null && before.isPlain() ? before : null;
    long uid = kept == null ? owner.uid() : kept.uid();
    long gid = kept == null ? owner.gid() : kept.gid();
    calls.change(part, mode(request, before), uid, gid, request.modifiedAt());
  }
}
