package dev.caisson.supervisor.process;

import dev.caisson.supervisor.system.Identity;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Puts a process's environment together: the sandbox's, the request's over it, then what lacks. */
public final class ProcessEnvironment {
  public static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Map<String, String> own;
  private final String kit;

  /**
   * @param own the supervisor's own environment, of which a process gets the host's name alone
   */
  public ProcessEnvironment(Map<String, String> own, String kit) {
    this.own = own;
    this.kit = kit;
  }

  Map<String, String> of(
      Map<String, String> sandbox,
      Map<String, String> request,
      Identity identity,
      boolean docker,
      boolean terminal)
      throws RefusedException {
    Map<String, String> env = new LinkedHashMap<>(sandbox);
    env.putAll(request);
    env.putIfAbsent("PATH", DEFAULT_PATH);
    env.putIfAbsent("HOME", identity.home());
    String host = own.get("HOSTNAME");
    if (host != null) {
      env.putIfAbsent("HOSTNAME", host);
    }
    if (docker) {
      env.merge("PATH", kit + "/docker/bin", (path, last) -> path + ":" + last);
    }
    if (docker && !terminal) {
      // Without a terminal these say more, and nothing that is meant for a person alone.
      env.putIfAbsent("BUILDKIT_PROGRESS", "plain");
      env.putIfAbsent("DOCKER_CLI_HINTS", "false");
    }
    if (terminal) {
      env.putIfAbsent("TERM", "xterm-256color");
    }
    for (Map.Entry<String, String> entry : env.entrySet()) {
      String name = entry.getKey();
      if (name.isEmpty() || name.contains("=") || name.contains("\0")) {
        throw new RefusedException(
            RefusalCode.EINVAL, "\"" + name + "\" is not a valid name of a variable");
      }
      if (entry.getValue().contains("\0")) {
        throw new RefusedException(
            RefusalCode.EINVAL, "the value of " + name + " contains a NUL byte");
      }
    }
    return env;
  }
}
