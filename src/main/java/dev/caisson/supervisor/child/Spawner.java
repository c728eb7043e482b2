package dev.caisson.supervisor.child;

import static dev.caisson.supervisor.system.OpenFlags.O_RDWR;

import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Memory;
import dev.caisson.supervisor.system.SystemException;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The spawner of a process from a {@link Launch}: a session of its own, no signal blocked or
 * ignored, no descriptor but its three (pipes, or one terminal). By the kit's own function, which
 * takes a quarter of the calls, or by {@code posix_spawn} where there is no kit.
 */
final class Spawner {

  private static final int POSIX_SPAWN_SETSIGDEF = 0x04;
  private static final int POSIX_SPAWN_SETSIGMASK = 0x08;
  private static final int POSIX_SPAWN_SETSID = 0x80;

  /** More than any C library needs for its opaque structures. */
  private static final int OPAQUE = 512;

  private static final long KIT_SPAWN = LibC.kitFunction("caisson_spawn");
  private static final long SPAWN = LibC.function("posix_spawn");
  private static final long ACTIONS_INIT = LibC.function("posix_spawn_file_actions_init");
  private static final long ACTIONS_DESTROY = LibC.function("posix_spawn_file_actions_destroy");
  private static final long ADD_CHDIR = LibC.function("posix_spawn_file_actions_addchdir_np");
  private static final long ADD_CLOSEFROM =
      LibC.function("posix_spawn_file_actions_addclosefrom_np");
  private static final long ADD_DUP = LibC.function("posix_spawn_file_actions_adddup2");
  private static final long ADD_OPEN = LibC.function("posix_spawn_file_actions_addopen");

  /** The room for a {@code sigset_t}, in bytes, which is smaller. */
  private static final int SIGNALS = 128;

  /**
   * The length of the helper's report, in bytes: the errno, and the number of the argument that it
   * is of.
   */
  private static final int REPORT = 2 * Integer.BYTES;

  /** The memory that most starts need, in bytes. */
  private static final int MEMORY = 8 << 10;

  /** The memory for the path of a terminal or of {@code /dev/null}, in bytes. */
  private static final int PATH = 64;

  /** The words of the plan that the kit's function takes; the last two are answered in. */
  private static final int PLAN = 11;

  private static final int PLAN_VICTIM = 9;
  private static final int PLAN_ERROR = 10;

  private final Memory kept = new Memory(OPAQUE + SIGNALS);
  private final long attributes = kept.take(OPAQUE);
  private final Memory usual = new Memory(MEMORY);

  /**
   * A process that runs, and what the supervisor holds of it.
   *
   * @param mark by which its descendants are known
   */
  record Spawned(long pid, Stdio stdio, ProcessTag mark) {}

  Spawner() {
    LibC libc = new LibC();
    long signals = kept.take(SIGNALS);
    long at = attributes;
    libc.call(LibC.function("posix_spawnattr_init"), at);
    int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID;
    libc.call(LibC.function("posix_spawnattr_setflags"), at, flags);
    libc.call(LibC.function("sigemptyset"), signals);
    libc.call(LibC.function("posix_spawnattr_setsigmask"), at, signals);
    libc.call(LibC.function("sigfillset"), signals);
    libc.call(LibC.function("posix_spawnattr_setsigdefault"), at, signals);
  }

  /**
   * Spawns the process.
   *
   * @param victim whether the kernel is to kill it, and not the supervisor, when memory is short
   */
  Spawned spawn(LibC libc, Launch launch, ProcessTag mark, boolean victim) throws SystemException {
    Stdio stdio = Stdio.open(libc, launch);
    try {
      long pid = spawn(libc, launch, stdio, victim);
      stdio.closeChilds();
      if (launch.helped()) {
        confirm(libc, launch, stdio);
      }
      return new Spawned(pid, stdio, mark);
    } catch (SystemException e) {
      stdio.closeAll();
      throw e;
    }
  }

  private long spawn(LibC libc, Launch launch, Stdio stdio, boolean victim) throws SystemException {
    List<String> env = new ArrayList<>();
    for (Map.Entry<String, String> entry : launch.env().entrySet()) {
      env.add(entry.getKey() + "=" + entry.getValue());
    }
    Memory memory = memory(launch, env);
    if (KIT_SPAWN != 0) {
      return spawnByKit(libc, memory, launch, env, stdio, victim);
    }
    long pid = spawnByLibrary(libc, memory, launch, env, stdio);
    if (victim) {
      preferAsVictim(pid);
    }
    return pid;
  }

  private static long spawnByKit(
      LibC libc, Memory memory, Launch launch, List<String> env, Stdio stdio, boolean victim)
      throws SystemException {
    Pty pty = stdio.pty();
    long plan = memory.take(PLAN * Long.BYTES);
    long[] words = {
      memory.text(launch.program()),
      memory.texts(launch.arguments()),
      memory.texts(env),
      memory.text(launch.cwd()),
      pty == null ? 0 : memory.text(pty.path()),
      stdio.childInput(),
      stdio.childStdout(),
      stdio.childStderr(),
      launch.helped() ? stdio.childStatus() : -1,
      victim ? 1 : 0,
      0
    };
    for (int i = 0; i < words.length; i++) {
      memory.putLong(plan + (long) i * Long.BYTES, words[i]);
    }
    try {
      long pid = libc.call(KIT_SPAWN, plan);
      long error = memory.getLong(plan + PLAN_ERROR * Long.BYTES);
      if (error != 0) {
        throw new SystemException("posix_spawn", (int) error);
      }
      if (memory.getLong(plan + PLAN_VICTIM * Long.BYTES) != 0) {
        preferAsVictim(pid);
      }
      return pid;
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  /** Makes the kernel kill this process, and not the supervisor, when memory is short. */
  private static void preferAsVictim(long pid) {
    try {
      Files.write(
          Path.of("/proc/" + pid + "/oom_score_adj"), "500".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // It has ended already, or the engine does not allow it: it runs all the same.
      return;
    }
  }

  private long spawnByLibrary(
      LibC libc, Memory memory, Launch launch, List<String> env, Stdio stdio)
      throws SystemException {
    long actions = memory.take(OPAQUE);
    libc.call(ACTIONS_INIT, actions);
    try {
      libc.call(ADD_CHDIR, actions, memory.text(launch.cwd()));
      addStdio(libc, memory, actions, stdio);
      int keep = Launch.STATUS_FD;
      if (launch.helped()) {
        libc.call(ADD_DUP, actions, stdio.childStatus(), keep++);
      }
      libc.call(ADD_CLOSEFROM, actions, keep);

      long pid = memory.take(Integer.BYTES);
      int error =
          (int)
              libc.call(
                  SPAWN,
                  pid,
                  memory.text(launch.program()),
                  actions,
                  attributes,
                  memory.texts(launch.arguments()),
                  memory.texts(env));
      if (error != 0) {
        throw new SystemException("posix_spawn", error);
      }
      return memory.getInt(pid);
    } finally {
      libc.call(ACTIONS_DESTROY, actions);
      Reference.reachabilityFence(memory);
    }
  }

  private Memory memory(Launch launch, List<String> env) {
    long room =
        OPAQUE
            + Integer.BYTES
            + Memory.room(launch.arguments())
            + Memory.room(env)
            + Memory.room(List.of(launch.cwd(), launch.program()))
            + PATH;
    return room <= usual.size() ? usual.clear() : new Memory(Math.toIntExact(room));
  }

  private static void addStdio(LibC libc, Memory memory, long actions, Stdio stdio) {
    Pty pty = stdio.pty();
    if (pty != null) {
      // Opened by the leader of a new session, and not by O_NOCTTY: it becomes the controlling one.
      libc.call(ADD_OPEN, actions, 0, memory.text(pty.path()), O_RDWR, 0);
      libc.call(ADD_DUP, actions, 0, 1);
      libc.call(ADD_DUP, actions, 0, 2);
      return;
    }
    if (stdio.childInput() >= 0) {
      libc.call(ADD_DUP, actions, stdio.childInput(), 0);
    } else {
      libc.call(ADD_OPEN, actions, 0, memory.text("/dev/null"), 0, 0);
    }
    libc.call(ADD_DUP, actions, stdio.childStdout(), 1);
    libc.call(ADD_DUP, actions, stdio.childStderr(), 2);
  }

  /**
   * Waits for the helper's report: the end of its pipe stands for the exec, two numbers for a
   * failure.
   */
  private static void confirm(LibC libc, Launch launch, Stdio stdio) throws SystemException {
    ByteBuffer report = ByteBuffer.allocateDirect(REPORT).order(ByteOrder.nativeOrder());
    int count;
    do {
      count = libc.read(stdio.status(), report, 0, REPORT);
    } while (count < 0 && libc.errno() == Errno.EINTR);
    stdio.closeStatus();
    if (count == REPORT) {
      throw new SystemException(launch.step(report.getInt(Integer.BYTES)), report.getInt(0));
    }
  }
}
