package dev.caisson.supervisor;

import java.util.List;

/**
 * Who a process is.
 *
 * @param groups the supplementary ones
 * @param home of that user, as the sandbox's own user list says, or {@code /}
 */
record Identity(long uid, long gid, List<Long> groups, String home) {
  static final Identity ROOT = new Identity(0, 0, List.of(), "/");

  boolean root() {
    return uid == 0 && gid == 0;
  }
}
