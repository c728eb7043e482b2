package dev.caisson.cli.client;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The codes of problems that the command line has an advice for, or acts on. */
public enum ProblemCode {
  UNAUTHORIZED("Set CAISSON_KEY, or store a key: caisson login <admin.key"),
  SANDBOX_NOT_FOUND("List them with: caisson ls --all"),
  PROCESS_NOT_FOUND("List them with: caisson ps --all SANDBOX"),
  DOCKER_DISABLED("Create a sandbox with Docker: caisson create --docker"),
  ENGINE_UNREACHABLE("Inspect the host with: caisson doctor"),
  ENGINE_REFUSED("Inspect the host with: caisson doctor"),
  ENOENT(""),
  ENOTDIR(""),
  EISDIR(""),
  EACCES(""),
  ENOEXEC(""),

  /** An answer without a code: something else answered than the service. */
  NONE("The answer does not come from a Caisson service; check with: caisson doctor"),

  /** Any other code, which a newer service may have, too. */
  OTHER("");

  private static final Map<String, ProblemCode> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(ProblemCode::name, Function.identity()));

  private final String advice;

  ProblemCode(String advice) {
    this.advice = advice;
  }

  static ProblemCode of(String code) {
    return code.isEmpty() ? NONE : BY_NAME.getOrDefault(code, OTHER);
  }

  /** Returns what to do, or an empty text. */
  String advice() {
    return advice;
  }
}
