package dev.caisson.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What outlives containers and the service itself: a directory for each sandbox, with its record as
 * JSON and, once it has ended, its archived processes. Environment values are never in it.
 */
@Component
final class SandboxRecords {
  private static final Logger log = LoggerFactory.getLogger(SandboxRecords.class);

  private final Path root;
  private final JsonMapper json = JsonMapper.builder().build();
  private @Nullable String instance;

  SandboxRecords(SandboxProperties properties) {
    this.root = properties.home().resolve("sandboxes");
    try {
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + root + ", the state directory", e);
    }
  }

  /** The id of this state directory, made once: which sandboxes on the engine are its own. */
  synchronized String instance() {
    try {
      String known = instance;
      if (known == null) {
        Path file = root.resolveSibling("instance");
        if (!Files.exists(file)) {
          Files.writeString(file, UUID.randomUUID().toString());
        }
        known = Files.readString(file).strip();
        instance = known;
      }
      return known;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or make the instance id", e);
    }
  }

  /** Where the archived processes of a sandbox are. */
  Path archive(SandboxId id) {
    return root.resolve(id.value()).resolve("processes");
  }

  /**
   * What is kept of a sandbox.
   *
   * @param container the engine's id of its container, once it was made
   */
  record Kept(Sandbox sandbox, @Nullable String container) {

    Kept {
      // Another version's record, or none at all: unreadable, and said so.
      Objects.requireNonNull(sandbox, "no sandbox in the record");
    }
  }

  /** Writes the record; what was there is replaced whole or not at all. */
  void save(Sandbox sandbox, @Nullable String container) {
    Path directory = root.resolve(sandbox.id().value());
    try {
      Files.createDirectories(directory);
      Path part = directory.resolve("sandbox.json.part");
      Files.write(
          part,
          json.writeValueAsBytes(new Kept(sandbox.with(sandbox.spec().withoutEnv()), container)));
      Files.move(part, directory.resolve("sandbox.json"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot record sandbox " + sandbox.id(), e);
    }
  }

  /** All that are kept; a record that cannot be read is left where it is and said. */
  List<Kept> load() {
    List<Kept> found = new ArrayList<>();
    try (var directories = Files.newDirectoryStream(root, "sb-*")) {
      for (Path directory : directories) {
        try {
          found.add(
              json.readValue(Files.readAllBytes(directory.resolve("sandbox.json")), Kept.class));
        } catch (NoSuchFileException e) {
          // A crash before the first record: nothing was made yet, so nothing is lost.
          FileSystemUtils.deleteRecursively(directory);
        } catch (JacksonException e) {
          log.atWarn().addKeyValue("path", directory).setCause(e).log("unreadable sandbox record");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + root, e);
    }
    return found;
  }

  /** Removes everything that is kept of it. */
  void forget(SandboxId id) {
    try {
      FileSystemUtils.deleteRecursively(root.resolve(id.value()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the record of " + id, e);
    }
  }
}
