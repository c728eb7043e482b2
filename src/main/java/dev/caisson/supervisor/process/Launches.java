package dev.caisson.supervisor.process;

import dev.caisson.supervisor.child.Launch;
import dev.caisson.supervisor.child.Pty;
import dev.caisson.supervisor.system.Identity;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.system.Users;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The factory of launches from requests: it decides which user, where and with what, or refuses
 * with a reason.
 */
public final class Launches {
  private final Configuration configuration;
  private final Users users;
  private final ProcessEnvironment environment;
  private final String kit;

  public Launches(
      Configuration configuration, Users users, ProcessEnvironment environment, String kit) {
    this.configuration = configuration;
    this.users = users;
    this.environment = environment;
    this.kit = kit;
  }

  Launch of(Request.Start start) throws RefusedException {
    Request.Configure sandbox = configuration.get();
    if (start.command().isEmpty()) {
      throw new RefusedException(RefusalCode.EINVAL, "the command is empty");
    }
    String cwd = start.cwd() == null ? sandbox.workdir() : start.cwd();
    cwd = Programs.absolute(cwd, sandbox.workdir());
    Identity identity = users.resolve(start.user() == null ? sandbox.user() : start.user());
    Map<String, String> env =
        environment.of(
            sandbox.env(),
            start.env(),
            identity,
            sandbox.docker() != null,
            start.terminal() != null);

    Programs programs = new Programs();
    programs.checkDirectory(cwd);
    String name = start.command().getFirst();
    String program =
        programs.find(name, env.getOrDefault("PATH", ProcessEnvironment.DEFAULT_PATH), cwd);
    checkArguments(start.command());
    if (start.terminal() != null) {
      Pty.check(start.terminal());
    }
    return through(
        new Launch(
            program,
            start.command(),
            env,
            cwd,
            identity.root() ? null : identity,
            limits(start.limits()),
            input(start),
            start.terminal(),
            List.of()));
  }

  private static Request.@Nullable Limits limits(Request.@Nullable Limits limits)
      throws RefusedException {
    if (limits == null) {
      return null;
    }
    if (limits.memoryBytes() < 0 || limits.cpuSeconds() < 0 || limits.openFiles() < 0) {
      throw new RefusedException(RefusalCode.EINVAL, "a limit cannot be negative");
    }
    return limits.equals(new Request.Limits(0, 0, 0)) ? null : limits;
  }

  private static Launch.InputKind input(Request.Start start) {
    if (start.openInput()) {
      return Launch.InputKind.OPEN;
    }
    return start.stdin() == null ? Launch.InputKind.NONE : Launch.InputKind.FIRST;
  }

  /** Refuses what the system has refused although all was checked. */
  static RefusedException refused(Request.Start start, Launch launch, SystemException e) {
    String name = start.command().getFirst();
    if (e.call().equals("exec") || e.call().equals("posix_spawn")) {
      return Programs.refused(name, program(launch), launch.cwd(), e.errno());
    }
    return new RefusedException(e.code(), "cannot start " + name + ": " + e.getMessage());
  }

  /**
   * Returns the path of the launch's program, which stands behind the helper's options where there
   * is a helper.
   */
  private static String program(Launch launch) {
    return launch.helped()
        ? launch.arguments().get(launch.options().size() + Launch.FIRST_OPTION + 1)
        : launch.program();
  }

  private static void checkArguments(List<String> command) throws RefusedException {
    for (String argument : command) {
      if (argument.contains("\0")) {
        throw new RefusedException(
            RefusalCode.EINVAL, "an argument of the command contains a NUL byte");
      }
    }
  }

  private Launch through(Launch launch) throws RefusedException {
    String helper = kit + "/launch";
    if (launch.needsHelper() && new LibC().access(helper, true) != 0) {
      throw new RefusedException(
          RefusalCode.UNSUPPORTED,
          "this sandbox's kit cannot switch users or set limits: " + helper + " is not there");
    }
    return launch.through(helper);
  }
}
