package dev.caisson.supervisor.process;

import dev.caisson.supervisor.child.ProcessTag;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The sockets that listen in the sandbox, and the processes that hold them. */
public final class Listeners {
  private static final int MOST = 1024;
  private static final Path TABLES = Path.of("/proc/net");

  /** The id of the inner container that a process is in, as its list of cgroups has it. */
  private static final Pattern CONTAINER = Pattern.compile("[0-9a-f]{64}");

  /**
   * The address at which the engine's own name server listens in every network that is not its
   * default one.
   */
  private static final String NAME_SERVER = "127.0.0.11";

  private Listeners() {}

  /**
   * Lists the sockets that listen now, without those of the supervisor, of the daemon and of its
   * helpers.
   */
  public static Answer.Listeners now(ProcessRegistry registry) throws InterruptedException {
    List<SocketTable.Entry> entries = new ArrayList<>();
    for (String protocol : List.of("tcp", "udp")) {
      for (String table : List.of(protocol, protocol + "6")) {
        entries.addAll(
            SocketTable.read(TABLES.resolve(table), protocol, MOST + 1 - entries.size()));
      }
    }
    Map<Long, Long> holders =
        SocketHolders.of(
            entries.stream().map(SocketTable.Entry::inode).collect(Collectors.toSet()));
    List<Answer.Listener> listeners = new ArrayList<>();
    for (SocketTable.Entry entry : entries) {
      Answer.Listener listener = listener(entry, holders.getOrDefault(entry.inode(), 0L), registry);
      if (listener != null && listeners.size() < MOST) {
        listeners.add(listener);
      }
    }
    return new Answer.Listeners(listeners, entries.size() > MOST);
  }

  private static Answer.@Nullable Listener listener(
      SocketTable.Entry entry, long pid, ProcessRegistry registry) {
    if (pid == 0 && entry.address().equals(NAME_SERVER)) {
      return null;
    }
    ProcessTag mark = pid == 0 ? ProcessTag.NONE : ProcessTag.of(pid);
    String container = pid == 0 ? null : container(pid);
    if (container == null && mark.value() != 0 && !mark.process()) {
      // A unit's: the daemon's, or that of its helper for a published port.
      return null;
    }
    return new Answer.Listener(
        entry.protocol(),
        entry.address(),
        entry.port(),
        pid,
        container == null ? registry.marked(mark) : 0,
        pid == 0 ? null : text(pid, "comm").strip(),
        container);
  }

  private static @Nullable String container(long pid) {
    Matcher found = CONTAINER.matcher(text(pid, "cgroup"));
    return found.find() ? found.group() : null;
  }

  /** Returns the text of a file of the process, empty if it has ended meanwhile. */
  private static String text(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      Log.debug("ended while it was looked at", "pid", pid);
      return "";
    }
  }
}
