package dev.caisson.supervisor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is needed to become a process, with everything decided.
 *
 * @param program its path: absolute, or with a slash and relative to {@code cwd}
 * @param arguments the first of them is the name it is called by
 * @param identity null to stay what the supervisor is
 * @param input whether it gets a pipe to read, else {@code /dev/null}
 */
record Launch(
    String program,
    List<String> arguments,
    Map<String, String> env,
    String cwd,
    @Nullable Identity identity,
    boolean input) {

  /** Where the helper that switches the user finds the descriptor to report on. */
  static final int STATUS_FD = 3;

  /** The same as another user: by the kit's helper, since posix_spawn cannot change the user. */
  Launch through(String helper) {
    if (identity == null) {
      return this;
    }
    StringBuilder groups = new StringBuilder().append(identity.gid());
    for (long group : identity.groups()) {
      groups.append(',').append(group);
    }
    String absolute = program.startsWith("/") ? program : cwd + "/" + program;
    List<String> line = new ArrayList<>();
    line.add(helper);
    line.add(Integer.toString(STATUS_FD));
    line.add(Long.toString(identity.uid()));
    line.add(groups.toString());
    line.add("--");
    line.add(absolute);
    line.addAll(arguments.subList(1, arguments.size()));
    return new Launch(helper, line, env, cwd, identity, input);
  }
}
