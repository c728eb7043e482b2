package dev.caisson.docker.compose;

import dev.caisson.docker.command.DockerCommand;
import dev.caisson.process.Environment;
import dev.caisson.process.ProcessException;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The source of a project: files in the sandbox, or a text that comes along and is given to compose
 * as its input, so that it lies in no file. Neither that text nor {@code env} is validated by
 * annotation: a violation would carry it.
 */
@Schema(
    name = "ComposeSource",
    description = "Source of the project: files in the sandbox, or `content`")
record ComposeSource(
    @Schema(
            description =
                "Working directory of compose, in the sandbox: its compose.yaml and .env are read,"
                    + " and relative paths start there",
            example = "/workspace/shop")
        @Size(max = 4096)
        @Pattern(regexp = "/[^\\x00]*", message = "must be an absolute path")
        @Nullable String path,
    @Schema(
            description = "Compose files in place of compose.yaml",
            example = "[\"compose.yaml\", \"ci.yaml\"]")
        @Size(max = 100)
        @Nullable
            List<
                @NotNull @Pattern(regexp = "[^-\\x00][^\\x00]{0,4095}", message = "must be a file")
                String>
            files,
    @Schema(description = "Content of the compose file, in place of files")
        @Nullable String content,
    @Schema(description = "Values for ${NAME} in the compose file; never returned")
        @Nullable Map<String, @Nullable String> env,
    @Size(max = 100)
        @Nullable
            List<
                @NotNull
                @Pattern(
                    regexp = "[A-Za-z0-9][A-Za-z0-9_.-]{0,127}",
                    message = "must be a profile's name")
                String>
            profiles) {

  private static final int MOST_CONTENT = 4 << 20;

  /** Fills in the beginning of compose's command line. */
  DockerCommand into(DockerCommand compose) {
    if (content != null && files != null) {
      throw new ProcessException.Invalid("source.content", "must not be given with files");
    }
    byte[] text = content == null ? null : content.getBytes(StandardCharsets.UTF_8);
    if (text != null && text.length > MOST_CONTENT) {
      throw new ProcessException.Invalid("source.content", "must be at most 4 MiB");
    }
    return compose
        .each("--file", text == null ? files : List.of("-"))
        .each("--profile", profiles)
        .env(DockerCommand.forClient("source.env", Environment.checked("source.env", env)))
        .in(path)
        .input(text);
  }

  /** Returns whether there is anything to make a project of. */
  boolean isGiven() {
    return path != null || files != null || content != null;
  }

  /** Returns a text with the names of variables, but not their values. */
  @Override
  public String toString() {
    return "ComposeSource[path=%s, files=%s, env=%s]"
        .formatted(path, files, DockerCommand.names(env));
  }
}
