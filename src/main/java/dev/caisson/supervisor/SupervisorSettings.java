package dev.caisson.supervisor;

import java.nio.file.Path;
import java.util.Map;

/**
 * The settings with which the supervisor was started.
 *
 * @param sandbox its id
 * @param socket on which it listens
 * @param state where journals and records lie
 * @param kit which it comes from
 */
record SupervisorSettings(String sandbox, Path socket, Path state, Path kit) {

  static SupervisorSettings of(Map<String, String> env) {
    return new SupervisorSettings(
        env.getOrDefault("CAISSON_SANDBOX", ""),
        Path.of(env.getOrDefault("CAISSON_SOCKET", "/run/caisson/supervisor.sock")),
        Path.of(env.getOrDefault("CAISSON_STATE", "/var/lib/caisson")),
        Path.of(env.getOrDefault("CAISSON_KIT", "/opt/caisson")));
  }
}
