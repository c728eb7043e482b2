package dev.caisson.supervisor.system;

import java.util.List;

/**
 * The identity of a process: its user and groups.
 *
 * @param groups the supplementary ones
 * @param home of that user, as the sandbox's own user list says, or {@code /}
 */
public record Identity(long uid, long gid, List<Long> groups, String home) {
  public static final Identity ROOT = new Identity(0, 0, List.of(), "/");

  public boolean root() {
    return uid == 0 && gid == 0;
  }
}
