package dev.caisson.supervisor.files;

import dev.caisson.supervisor.peer.Peer;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.wire.Answer.Changed;
import dev.caisson.supervisor.wire.Answer.Changed.Kind;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A watch that reports changes to files to a peer, in a thread of its own that waits in the kernel.
 * A file is watched by its name in its directory, so that one which takes its place is seen.
 */
public final class FileWatch {
  private final Peer peer;
  private final FileCalls calls = new FileCalls();
  private final Inotify inotify;
  private final FilePlace root;
  private final boolean recursive;

  /** The one name that is watched in its directory; null where a directory is watched. */
  private final byte @Nullable [] only;

  private final Map<Integer, Watched> watches = new HashMap<>();
  private @Nullable Changed last;

  /**
   * A directory that is watched.
   *
   * @param told names that were already reported as new: they appeared between the directory's own
   *     beginning and that of its watch, and may come up again
   */
  private record Watched(FilePlace place, Set<String> told) {}

  public FileWatch(Peer peer, Inotify inotify, FileRequest.WatchFiles request)
      throws RefusedException {
    this.peer = peer;
    this.inotify = inotify;
    FilePlace asked = FilePlace.of(request.path());
    boolean directory = calls.stat(asked, true).isDirectory();
    root = directory ? asked : asked.parent();
    only = directory ? null : asked.last();
    recursive = directory && request.recursive();
  }

  /** Sends changes until what is watched is gone, or the wait is ended. */
  public void run() throws IOException, InterruptedException, RefusedException, SystemException {
    begin(root, false);
    peer.send(new Changed(Kind.WATCHING, shown().toString(), only == null));
    for (List<Inotify.Event> events = inotify.next(); events != null; events = inotify.next()) {
      for (Inotify.Event event : events) {
        if (!take(event)) {
          return;
        }
      }
      last = null;
    }
  }

  private FilePlace shown() {
    return only == null ? root : root.below(only);
  }

  /** Watches a directory, and those in it; reports what is in it, where it is a new one. */
  private void begin(FilePlace from, boolean tell)
      throws IOException, InterruptedException, RefusedException {
    new TreeWalk(calls, new Beginning(tell), false).walk(from, !tell);
  }

  /** The visitor that puts directories under watch on its way. */
  private final class Beginning implements TreeWalk.Visitor {
    private final boolean tell;
    private final Map<String, Watched> newest = new HashMap<>();

    Beginning(boolean tell) {
      this.tell = tell;
    }

    @Override
    public boolean visit(FilePlace place, FileStat stat, int depth)
        throws IOException, RefusedException {
      if (depth > 0 && tell && !Temporary.is(place)) {
        remember(place);
        tell(Kind.CREATED, place, stat.isDirectory());
      }
      if (!stat.isDirectory() || (depth > 0 && !recursive)) {
        return false;
      }
      return watch(place, depth == 0 && !tell) && recursive;
    }

    /** Remembers that a new name was reported, since the kernel may report it again. */
    private void remember(FilePlace place) {
      Watched in = newest.get(place.parent().toString());
      if (in != null) {
        in.told().add(key(place.last()));
      }
    }

    private boolean watch(FilePlace place, boolean follow) throws RefusedException {
      int directory;
      try {
        directory = calls.openDirectory(place, follow);
      } catch (RefusedException e) {
        if (follow) {
          throw e;
        }
        return false;
      }
      try {
        // Watched before it is read: what comes between is told twice by the kernel, once here.
        Watched watched = new Watched(place, new HashSet<>());
        watches.put(inotify.watch(place, directory), watched);
        if (tell) {
          newest.put(place.toString(), watched);
        }
        return true;
      } finally {
        calls.close(directory);
      }
    }

    @Override
    public void fail(FilePlace place, RefusedException why) {
      Log.debug("a file cannot be watched", "why", why.getMessage());
    }
  }

  /** Handles an event; returns whether to go on. */
  private boolean take(Inotify.Event event)
      throws IOException, InterruptedException, RefusedException {
    if (event.is(Inotify.IN_Q_OVERFLOW)) {
      peer.send(new Changed(Kind.OVERFLOW, shown().toString(), only == null));
      // Directories may have come that were not told of.
      begin(root, false);
      return true;
    }
    Watched watched = watches.get(event.watch());
    if (watched == null) {
      return true;
    }
    if (event.name().length == 0) {
      return self(event, watched);
    }
    if (Temporary.is(event.name())) {
      return true;
    }
    return only == null ? inDirectory(event, watched) : ofOne(event, only);
  }

  private boolean self(Inotify.Event event, Watched watched) throws IOException {
    boolean isRoot = watched.place().path().length == root.path().length;
    boolean gone =
        event.is(Inotify.IN_DELETE_SELF | Inotify.IN_UNMOUNT | Inotify.IN_IGNORED)
            || (isRoot && event.is(Inotify.IN_MOVE_SELF));
    if (gone) {
      watches.remove(event.watch());
    }
    if (gone && isRoot) {
      peer.send(new Changed(Kind.DELETED, shown().toString(), only == null));
      return false;
    }
    if (isRoot && only == null && event.is(Inotify.IN_ATTRIB)) {
      tell(Kind.MODIFIED, root, true);
    }
    return true;
  }

  private boolean ofOne(Inotify.Event event, byte[] name) throws IOException {
    if (!Arrays.equals(event.name(), name)) {
      return true;
    }
    boolean gone = event.is(Inotify.IN_DELETE | Inotify.IN_MOVED_FROM);
    tell(gone ? Kind.DELETED : Kind.MODIFIED, shown(), false);
    return !gone;
  }

  private boolean inDirectory(Inotify.Event event, Watched watched)
      throws IOException, InterruptedException, RefusedException {
    boolean directory = event.is(Inotify.IN_ISDIR);
    FilePlace place = watched.place().below(event.name());
    String key = key(event.name());
    if (event.is(Inotify.IN_CREATE | Inotify.IN_MOVED_TO)) {
      if (watched.told().remove(key)) {
        return true;
      }
      tell(Kind.CREATED, place, directory);
      if (directory && recursive) {
        beginNew(place);
      }
    } else if (event.is(Inotify.IN_DELETE | Inotify.IN_MOVED_FROM)) {
      watched.told().remove(key);
      if (directory && event.is(Inotify.IN_MOVED_FROM)) {
        forget(place);
      }
      tell(Kind.DELETED, place, directory);
    } else if (event.is(Inotify.IN_MODIFY | Inotify.IN_ATTRIB)) {
      tell(Kind.MODIFIED, place, directory);
    }
    return true;
  }

  private static String key(byte[] name) {
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  private void beginNew(FilePlace place)
      throws IOException, InterruptedException, RefusedException {
    try {
      begin(place, true);
    } catch (RefusedException e) {
      if (!e.is(RefusalCode.ENOENT) && !e.is(RefusalCode.ENOTDIR) && !e.is(RefusalCode.ELOOP)) {
        throw e;
      }
    }
  }

  /**
   * Forgets the watches below a directory that was moved: its new name, if that is watched, brings
   * it in again.
   */
  private void forget(FilePlace moved) {
    String from = moved + "/";
    watches
        .entrySet()
        .removeIf(entry -> {
          String path = entry.getValue().place() + "/";
          boolean inside = path.startsWith(from);
          if (inside) {
            inotify.forget(entry.getKey());
          }
          return inside;
        });
  }

  /** Sends a change; a repeated one, as a writer makes it, only once. */
  private void tell(Kind kind, FilePlace place, boolean directory) throws IOException {
    Changed next = new Changed(kind, place.toString(), directory);
    if (!next.equals(last)) {
      last = next;
      peer.send(next);
    }
  }
}
