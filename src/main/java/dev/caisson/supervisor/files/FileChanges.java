package dev.caisson.supervisor.files;

import dev.caisson.supervisor.system.Identity;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.PathText;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes, changes and deletes what has no content of its own to be sent. */
public final class FileChanges {
  private static final int DIRECTORY_MODE = 0755;
  private static final int FIFO_MODE = 0644;

  /** The most tries at emptying a directory that others keep filling. */
  private static final int ATTEMPTS = 5;

  private final FileCalls calls;
  private final FileDescriptions descriptions;
  private final Ownership owners;

  public FileChanges(FileCalls calls, FileDescriptions descriptions, Ownership owners) {
    this.calls = calls;
    this.descriptions = descriptions;
    this.owners = owners;
  }

  /** Returns the owner of a new file, where this one was asked for. */
  Identity owner(@Nullable String owner) throws RefusedException {
    return owners.of(owner);
  }

  /** Returns the owner that a file of an archive has here. */
  public Answer.Owner owner(FileRequest.FindOwner request) {
    return owners.of(request.user(), request.group(), request.uid(), request.gid());
  }

  public FileInfo makeDirectory(FileRequest.MakeDirectory request) throws RefusedException {
    FilePlace place = FilePlace.of(request.path());
    Identity owner = owner(request.owner());
    if (request.parents()) {
      makeParents(place, owner);
    }
    int mode = request.mode() < 0 ? DIRECTORY_MODE : request.mode();
    try {
      make(place, mode, owner, request.modifiedAt());
    } catch (RefusedException e) {
      if (!e.is(RefusalCode.EEXIST)
          || !request.parents()
          || !calls.stat(place, true).isDirectory()) {
        throw e;
      }
      return descriptions.of(place, calls.stat(place, true), true);
    }
    return descriptions.of(place);
  }

  private void make(FilePlace place, int mode, Identity owner, long modifiedAt)
      throws RefusedException {
    calls.makeDirectory(place, 0700);
    // By hand, since the supervisor's umask would take bits away.
    calls.change(place, mode, owner, modifiedAt);
  }

  /** Makes the directories that lack above a place. */
  void makeParents(FilePlace place, Identity owner) throws RefusedException {
    FilePlace parent = place.parent();
    if (parent.last().length == 0) {
      return;
    }
    try {
      make(parent, DIRECTORY_MODE, owner, 0);
    } catch (RefusedException e) {
      if (e.is(RefusalCode.ENOENT)) {
        makeParents(parent, owner);
        make(parent, DIRECTORY_MODE, owner, 0);
      } else if (!e.is(RefusalCode.EEXIST) && !e.is(RefusalCode.EROFS)) {
        throw e;
      }
    }
  }

  public FileInfo makeLink(FileRequest.MakeLink request) throws RefusedException {
    FilePlace place = FilePlace.of(request.path());
    place.requireName();
    Identity owner = owner(request.owner());
    if (request.hard()) {
      calls.makeName(FilePlace.of(request.target()), place);
    } else {
      String target = request.target();
      if (target.isEmpty() || target.indexOf('\0') >= 0) {
        throw new RefusedException(
            RefusalCode.EINVAL, place + ": its target must not be empty or contain a NUL byte");
      }
      calls.makeLink(place, PathText.bytes(target));
    }
    if (!request.hard() || request.owner() != null) {
      calls.change(place, -1, owner, 0);
    }
    return descriptions.of(place);
  }

  public FileInfo makeFifo(FileRequest.MakeFifo request) throws RefusedException {
    FilePlace place = FilePlace.of(request.path());
    Identity owner = owner(request.owner());
    calls.makeNode(place, FileInfo.Type.FIFO, 0);
    int mode = request.mode() < 0 ? FIFO_MODE : request.mode();
    calls.change(place, mode, owner, request.modifiedAt());
    return descriptions.of(place);
  }

  public FileInfo change(FileRequest.ChangeFile request) throws RefusedException {
    FilePlace place = FilePlace.of(request.path());
    if (request.owner() == null) {
      calls.change(place, request.mode(), -1, -1, request.modifiedAt());
    } else {
      calls.change(place, request.mode(), owner(request.owner()), request.modifiedAt());
    }
    return descriptions.of(place);
  }

  public void delete(FileRequest.DeleteFile request)
      throws IOException, InterruptedException, RefusedException {
    FilePlace place = FilePlace.of(request.path());
    place.requireName();
    if (request.recursive()) {
      deleteTree(place);
    } else {
      calls.unlink(place, calls.stat(place, false).isDirectory());
    }
  }

  /** Deletes a file, or a directory with what is in it. */
  void deleteTree(FilePlace place) throws IOException, InterruptedException, RefusedException {
    TreeWalk.Visitor visitor =
        new TreeWalk.Visitor() {
          @Override
          public boolean visit(FilePlace file, FileStat stat, int depth) throws RefusedException {
            if (!stat.isDirectory()) {
              remove(file, false);
            }
            return true;
          }

          @Override
          public void leave(FilePlace directory, FileStat stat) throws RefusedException {
            if (directory.path().length != place.path().length) {
              remove(directory, true);
            }
          }
        };
    boolean directory = calls.stat(place, false).isDirectory();
    for (int attempt = 1; ; attempt++) {
      try {
        new TreeWalk(calls, visitor, true).walk(place, false);
        if (directory) {
          calls.unlink(place, true);
        }
        return;
      } catch (RefusedException e) {
        // Somebody makes files in it meanwhile.
        if (!e.is(RefusalCode.ENOTEMPTY) || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void remove(FilePlace place, boolean directory) throws RefusedException {
    try {
      calls.unlink(place, directory);
    } catch (RefusedException e) {
      if (!e.is(RefusalCode.ENOENT)) {
        throw e;
      }
    }
  }
}
