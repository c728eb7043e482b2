package dev.caisson.supervisor.process;

import dev.caisson.supervisor.system.Descendants;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The processes that hold sockets. The kernel shows a process's descriptors to its own user, and to
 * root only with a capability that a sandbox does not have: so each is looked at as its user. That
 * identity belongs to a thread, which must be a platform one that ends with the look.
 */
final class SocketHolders {
  private static final long SET_FILE_USER = LibC.function("setfsuid");
  private static final long SET_FILE_GROUP = LibC.function("setfsgid");
  private static final String SOCKET = "socket:[";

  /** The most descriptors that are looked at, of all processes together. */
  private static final int MOST_DESCRIPTORS = 200_000;

  private final LibC libc = new LibC();
  private final Set<Long> wanted;
  private final Map<Long, Long> holders = new HashMap<>();
  private int looked;

  private SocketHolders(Set<Long> wanted) {
    this.wanted = wanted;
  }

  /** Returns the holders' pids by inode, as far as they can be seen; of several the eldest. */
  static Map<Long, Long> of(Set<Long> inodes) throws InterruptedException {
    SocketHolders look = new SocketHolders(inodes);
    Thread thread = Thread.ofPlatform().name("socket-holders").start(look::run);
    thread.join();
    return look.holders;
  }

  private void run() {
    for (Descendants.Descendant process : Descendants.now()) {
      if (!process.zombie() && looked < MOST_DESCRIPTORS) {
        look(process.pid());
      }
    }
  }

  private void look(long pid) {
    Path directory = Path.of("/proc", Long.toString(pid));
    try {
      become(id(directory, "Gid:"), id(directory, "Uid:"));
      try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(directory.resolve("fd"))) {
        for (Path descriptor : descriptors) {
          looked++;
          see(Files.readSymbolicLink(descriptor).toString(), pid);
        }
      } finally {
        become(0, 0);
      }
    } catch (IOException | RuntimeException e) {
      // It has ended meanwhile, or hides what it has: its sockets are listed without a holder.
      Log.debug("a process's descriptors cannot be read", "pid", pid, "error", e);
    }
  }

  private void see(String target, long pid) {
    if (target.startsWith(SOCKET)) {
      long inode = Long.parseLong(target.substring(SOCKET.length(), target.length() - 1));
      if (wanted.contains(inode)) {
        holders.putIfAbsent(inode, pid);
      }
    }
  }

  private void become(long group, long user) {
    // The group first: for the other order it would lack the right.
    libc.call(SET_FILE_GROUP, group);
    libc.call(SET_FILE_USER, user);
  }

  /** Reads the effective id from the process's status. */
  private static long id(Path directory, String field) throws IOException {
    for (String line :
        Files.readString(directory.resolve("status"), StandardCharsets.ISO_8859_1)
            .split("\n", -1)) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.strip().split("\t", -1)[2]);
      }
    }
    throw new IOException("no " + field);
  }
}
