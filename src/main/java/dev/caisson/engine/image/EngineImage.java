package dev.caisson.engine.image;

import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import dev.caisson.sandbox.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The engine's answer about an image, in the words of the port. */
final class EngineImage {
  private EngineImage() {}

  static Engine.Image of(ImageReference reference, InspectImageResponse answer) {
    String id = Objects.requireNonNull(answer.getId(), "an image has an id");
    ContainerConfig config =
        answer.getConfig() == null ? new ContainerConfig() : answer.getConfig();
    List<String> command = new ArrayList<>(list(config.getEntrypoint()));
    command.addAll(list(config.getCmd()));
    String workdir = config.getWorkingDir();
    String user = config.getUser();
    return new Engine.Image(
        id,
        digest(reference, answer.getRepoDigests(), id),
        env(list(config.getEnv())),
        workdir == null || workdir.isBlank() ? "/" : workdir,
        user == null || user.isBlank() ? null : user,
        List.copyOf(command));
  }

  /** Returns the digest under the name that was asked for, if it has several. */
  private static String digest(
      ImageReference reference, @Nullable List<String> digests, String otherwise) {
    if (digests == null || digests.isEmpty()) {
      return otherwise;
    }
    String found =
        digests.stream()
            .filter(digest -> digest.startsWith(reference.name() + "@"))
            .findFirst()
            .orElse(digests.getFirst());
    return found.substring(found.indexOf('@') + 1);
  }

  private static Map<String, String> env(List<String> variables) {
    Map<String, String> env = new LinkedHashMap<>();
    for (String variable : variables) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        env.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return env;
  }

  private static List<String> list(String @Nullable [] values) {
    return values == null ? List.of() : List.of(values);
  }
}
