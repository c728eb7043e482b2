package dev.caisson.supervisor.child;

import dev.caisson.supervisor.system.Identity;
import dev.caisson.supervisor.wire.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a process's launch, with everything decided.
 *
 * @param program its path: absolute, or with a slash and relative to {@code cwd}
 * @param arguments the first of them is the name it is called by
 * @param identity null to stay what the supervisor is
 * @param limits null for the supervisor's own
 * @param input where it reads from
 * @param terminal in the place of all pipes
 * @param options of the helper that stand before the program; empty where there is no helper
 */
public record Launch(
    String program,
    List<String> arguments,
    Map<String, String> env,
    String cwd,
    @Nullable Identity identity,
    Request.@Nullable Limits limits,
    InputKind input,
    Request.@Nullable Terminal terminal,
    List<String> options) {

  /** The number of the descriptor on which the helper reports. */
  static final int STATUS_FD = 3;

  /** The number of the first option among the helper's arguments. */
  public static final int FIRST_OPTION = 2;

  /** Creates the launch of a program of the supervisor's own user, without input. */
  public static Launch plain(List<String> command, Map<String, String> env, String cwd) {
    return new Launch(
        command.getFirst(), command, env, cwd, null, null, InputKind.NONE, null, List.of());
  }

  /** The source of a process's input, if it is not a terminal. */
  public enum InputKind {
    /** {@code /dev/null}. */
    NONE,
    /** A pipe, closed after what it is started with. */
    FIRST,
    /** A pipe that stays open for more. */
    OPEN
  }

  /** Returns whether more input can follow the initial one. */
  public boolean inputStaysOpen() {
    return terminal != null || input == InputKind.OPEN;
  }

  public boolean needsHelper() {
    return identity != null || limits != null;
  }

  public boolean helped() {
    return !options.isEmpty();
  }

  /**
   * Returns a copy by way of the kit's helper, since posix_spawn changes neither the user nor
   * limits.
   */
  public Launch through(String helper) {
    if (!needsHelper()) {
      return this;
    }
    List<String> wanted = options(identity, limits);
    List<String> line = new ArrayList<>();
    line.add(helper);
    line.add(Integer.toString(STATUS_FD));
    line.addAll(wanted);
    line.add("--");
    line.add(program.startsWith("/") ? program : cwd + "/" + program);
    line.addAll(arguments.subList(1, arguments.size()));
    return new Launch(helper, line, env, cwd, identity, limits, input, terminal, wanted);
  }

  /**
   * Returns the helper's options, the limits first: a user other than root may lack the right to
   * set them.
   */
  private static List<String> options(
      @Nullable Identity identity, Request.@Nullable Limits limits) {
    List<String> options = new ArrayList<>();
    if (limits != null) {
      option(options, "as=", limits.memoryBytes());
      option(options, "cpu=", limits.cpuSeconds());
      option(options, "nofile=", limits.openFiles());
    }
    if (identity != null) {
      StringBuilder user = new StringBuilder("user=");
      user.append(identity.uid()).append(':').append(identity.gid());
      for (long group : identity.groups()) {
        user.append(',').append(group);
      }
      options.add(user.toString());
    }
    return options;
  }

  private static void option(List<String> options, String name, long value) {
    if (value > 0) {
      options.add(name + value);
    }
  }

  /**
   * Returns the step the helper was about to take: the call that failed, by the number of its
   * argument.
   */
  String step(int argument) {
    int index = argument - FIRST_OPTION;
    if (index < 0 || index >= options.size()) {
      return "exec";
    }
    String option = options.get(index);
    return option.startsWith("user=") ? "setuid" : "setrlimit " + option;
  }
}
