package dev.caisson.supervisor;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes a process of a {@link Launch}, by {@code posix_spawn}: a session of its own, no signal
 * blocked or ignored, no descriptor but its three (pipes, or one terminal).
 */
final class Spawner {
  private static final int O_RDWR = 2;

  private static final int SPAWN_SETSIGDEF = 0x04;
  private static final int SPAWN_SETSIGMASK = 0x08;
  private static final int SPAWN_SETSID = 0x80;

  /** More than any C library needs for its opaque structures. */
  private static final int OPAQUE = 512;

  private static final MemorySegment SPAWN = LibC.function("posix_spawn");
  private static final MemorySegment ACTIONS_INIT = LibC.function("posix_spawn_file_actions_init");
  private static final MemorySegment ACTIONS_DESTROY =
      LibC.function("posix_spawn_file_actions_destroy");
  private static final MemorySegment ADD_CHDIR =
      LibC.function("posix_spawn_file_actions_addchdir_np");
  private static final MemorySegment ADD_CLOSEFROM =
      LibC.function("posix_spawn_file_actions_addclosefrom_np");
  private static final MemorySegment ADD_DUP = LibC.function("posix_spawn_file_actions_adddup2");
  private static final MemorySegment ADD_OPEN = LibC.function("posix_spawn_file_actions_addopen");

  private final MemorySegment attributes = attributes();

  /**
   * A process that runs, and what the supervisor holds of it.
   *
   * @param mark by which its descendants are known
   */
  record Spawned(long pid, Stdio stdio, Mark mark) {}

  private static MemorySegment attributes() {
    LibC libc = new LibC();
    Arena arena = Arena.global();
    MemorySegment attributes = arena.allocate(OPAQUE, 8);
    MemorySegment signals = arena.allocate(128, 8);
    long at = attributes.address();
    libc.call(LibC.function("posix_spawnattr_init"), at, 0, 0, 0, 0, 0);
    int flags = SPAWN_SETSIGDEF | SPAWN_SETSIGMASK | SPAWN_SETSID;
    libc.call(LibC.function("posix_spawnattr_setflags"), at, flags, 0, 0, 0, 0);
    libc.call(LibC.function("sigemptyset"), signals.address(), 0, 0, 0, 0, 0);
    libc.call(LibC.function("posix_spawnattr_setsigmask"), at, signals.address(), 0, 0, 0, 0);
    libc.call(LibC.function("sigfillset"), signals.address(), 0, 0, 0, 0, 0);
    libc.call(LibC.function("posix_spawnattr_setsigdefault"), at, signals.address(), 0, 0, 0, 0);
    return attributes;
  }

  Spawned spawn(LibC libc, Launch launch, Mark mark) throws SystemException {
    Stdio stdio = Stdio.open(libc, launch);
    try (Arena arena = Arena.ofConfined()) {
      long pid = spawn(libc, arena, launch, stdio);
      stdio.closeChilds();
      if (launch.helped()) {
        confirm(libc, arena, launch, stdio);
      }
      return new Spawned(pid, stdio, mark);
    } catch (SystemException e) {
      stdio.closeAll();
      throw e;
    }
  }

  private long spawn(LibC libc, Arena arena, Launch launch, Stdio stdio) throws SystemException {
    long actions = arena.allocate(OPAQUE, 8).address();
    libc.call(ACTIONS_INIT, actions, 0, 0, 0, 0, 0);
    try {
      libc.call(ADD_CHDIR, actions, text(arena, launch.cwd()), 0, 0, 0, 0);
      addStdio(libc, arena, actions, stdio);
      int keep = Launch.STATUS_FD;
      if (launch.helped()) {
        libc.call(ADD_DUP, actions, stdio.childStatus(), keep++, 0, 0, 0);
      }
      libc.call(ADD_CLOSEFROM, actions, keep, 0, 0, 0, 0);

      MemorySegment pid = arena.allocate(JAVA_INT);
      List<String> env = new ArrayList<>();
      for (Map.Entry<String, String> entry : launch.env().entrySet()) {
        env.add(entry.getKey() + "=" + entry.getValue());
      }
      int error =
          (int)
              libc.call(
                  SPAWN,
                  pid.address(),
                  text(arena, launch.program()),
                  actions,
                  attributes.address(),
                  texts(arena, launch.arguments()),
                  texts(arena, env));
      if (error != 0) {
        throw new SystemException("posix_spawn", error);
      }
      return pid.get(JAVA_INT, 0);
    } finally {
      libc.call(ACTIONS_DESTROY, actions, 0, 0, 0, 0, 0);
    }
  }

  private static void addStdio(LibC libc, Arena arena, long actions, Stdio stdio) {
    Pty pty = stdio.pty();
    if (pty != null) {
      // Opened by the leader of a new session, and not by O_NOCTTY: it becomes the controlling one.
      libc.call(ADD_OPEN, actions, 0, text(arena, pty.path()), O_RDWR, 0, 0);
      libc.call(ADD_DUP, actions, 0, 1, 0, 0, 0);
      libc.call(ADD_DUP, actions, 0, 2, 0, 0, 0);
      return;
    }
    if (stdio.childInput() >= 0) {
      libc.call(ADD_DUP, actions, stdio.childInput(), 0, 0, 0, 0);
    } else {
      libc.call(ADD_OPEN, actions, 0, text(arena, "/dev/null"), 0, 0, 0);
    }
    libc.call(ADD_DUP, actions, stdio.childStdout(), 1, 0, 0, 0);
    libc.call(ADD_DUP, actions, stdio.childStderr(), 2, 0, 0, 0);
  }

  /**
   * Waits for the helper's word: the end of its pipe is the exec, two numbers why there was none.
   */
  private static void confirm(LibC libc, Arena arena, Launch launch, Stdio stdio)
      throws SystemException {
    MemorySegment report = arena.allocate(JAVA_INT, 2);
    int count;
    do {
      count = libc.read(stdio.status(), report, 0, report.byteSize());
    } while (count < 0 && libc.errno() == Errno.EINTR);
    stdio.closeStatus();
    if (count == report.byteSize()) {
      throw new SystemException(
          launch.step(report.getAtIndex(JAVA_INT, 1)), report.getAtIndex(JAVA_INT, 0));
    }
  }

  private static long text(Arena arena, String text) {
    return arena.allocateFrom(text, StandardCharsets.UTF_8).address();
  }

  private static long texts(Arena arena, List<String> texts) {
    MemorySegment array = arena.allocate(JAVA_LONG, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      array.setAtIndex(JAVA_LONG, i, text(arena, texts.get(i)));
    }
    return array.address();
  }
}
