package dev.caisson.session;

import dev.caisson.process.Environment;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to begin a session. {@code env} is not validated by annotation: a violation carries the
 * value, and its values are secret.
 */
@Schema(name = "CreateSession", example = "{\"cwd\": \"/workspace\"}")
record SessionRequest(
    @Schema(description = "Name of your choice, unique in the sandbox", example = "build")
        @Pattern(
            regexp = SessionRequest.NAME,
            message =
                "must begin with a letter or digit, and contain only letters, digits, _, . and -")
        @Nullable String name,
    @Schema(
            description =
                "Directory in which the session begins, absolute; the sandbox's if absent")
        @Pattern(regexp = "/[^\\x00]*", message = "must be an absolute path")
        @Size(max = 4096)
        @Nullable String cwd,
    @Schema(
            description =
                "Variables exported at the beginning; values are never returned or logged")
        @Nullable Map<String, @Nullable String> env,
    @Schema(
            description = "User, as `name` or `uid`; if absent, the default user of processes",
            example = "node")
        @Pattern(
            regexp = "[^:\\s\\x00]+(:[^:\\s\\x00]+)?",
            message = "must be name, uid, uid:gid or name:group")
        @Size(max = 256)
        @Nullable String user) {

  static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]{0,127}";

  Map<String, String> variables() {
    return Environment.checked(env);
  }

  /** Returns a text with the names of variables, but not their values. */
  @Override
  public String toString() {
    return "SessionRequest[name=%s, cwd=%s, env=%s]"
        .formatted(name, cwd, env == null ? List.of() : env.keySet());
  }
}
