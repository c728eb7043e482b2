package dev.caisson.supervisor.files;

import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.Yield;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The move of files to another name. Where the kernel refuses to rename them, they are copied
 * beside their new name first: across file systems, and for an image's own directories on
 * overlayfs, which cannot rename them.
 */
public final class FileMove {
  private static final int BUFFER = 128 << 10;

  private final FileCalls calls;
  private final FileDescriptions descriptions;
  private final FileChanges changes;
  private final Yield turn = new Yield();

  public FileMove(FileCalls calls, FileDescriptions descriptions, FileChanges changes) {
    this.calls = calls;
    this.descriptions = descriptions;
    this.changes = changes;
  }

  public FileInfo move(FileRequest.MoveFile request)
      throws IOException, InterruptedException, RefusedException {
    FilePlace from = FilePlace.of(request.from());
    FilePlace to = FilePlace.of(request.to());
    from.requireName();
    to.requireName();
    boolean replaces = calls.isThere(to);
    try {
      calls.rename(from, to, request.overwrite());
    } catch (RefusedException e) {
      if (!e.is(RefusalCode.EXDEV)) {
        throw e;
      }
      if (replaces && !request.overwrite()) {
        throw FileCalls.refused(to, Errno.EEXIST);
      }
      carry(from, to, request.overwrite());
    }
    return descriptions.of(to, calls.stat(to, false), replaces);
  }

  private void carry(FilePlace from, FilePlace to, boolean overwrite)
      throws IOException, InterruptedException, RefusedException {
    FilePlace part = to.parent().below(Temporary.name(calls));
    boolean done = false;
    try {
      copy(from, part);
      calls.rename(part, to, overwrite);
      done = true;
    } finally {
      if (!done && calls.isThere(part)) {
        changes.deleteTree(part);
      }
    }
    changes.deleteTree(from);
  }

  private void copy(FilePlace from, FilePlace part)
      throws IOException, InterruptedException, RefusedException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER);
      TreeWalk.Visitor visitor =
          new TreeWalk.Visitor() {
            @Override
            public boolean visit(FilePlace place, FileStat stat, int depth)
                throws InterruptedException, RefusedException {
              copyOne(place, stat, part.below(place.from(from)), buffer);
              return true;
            }

            @Override
            public void leave(FilePlace place, FileStat stat) throws RefusedException {
              finish(part.below(place.from(from)), stat);
            }
          };
      new TreeWalk(calls, visitor, true).walk(from, false);
    }
  }

  private void copyOne(FilePlace place, FileStat stat, FilePlace copy, MemorySegment buffer)
      throws InterruptedException, RefusedException {
    switch (stat.type()) {
      case DIRECTORY -> calls.makeDirectory(copy, 0700);
      case FILE -> {
        copyContent(place, copy, buffer);
        finish(copy, stat);
      }
      case LINK -> {
        calls.makeLink(copy, calls.target(place));
        calls.change(copy, -1, stat.uid(), stat.gid(), stat.modifiedAt());
      }
      case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE, SOCKET -> {
        calls.makeNode(copy, stat.type(), stat.special());
        finish(copy, stat);
      }
    }
  }

  private void finish(FilePlace copy, FileStat stat) throws RefusedException {
    calls.change(copy, stat.mode(), stat.uid(), stat.gid(), stat.modifiedAt());
  }

  private void copyContent(FilePlace place, FilePlace copy, MemorySegment buffer)
      throws InterruptedException, RefusedException {
    int source = calls.openFile(place, false);
    try {
      int sink = calls.create(copy);
      try {
        long at = 0;
        int count;
        do {
          count = calls.read(place, source, buffer, buffer.byteSize(), at);
          calls.write(copy, sink, buffer, count);
          at += count;
          turn.give();
        } while (count > 0);
      } finally {
        calls.close(sink);
      }
    } finally {
      calls.close(source);
    }
  }
}
