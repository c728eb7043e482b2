package dev.caisson.lifecycle;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The files that tell which containers are spare sandboxes, not yet claimed: an empty file for
 * each, from before it is made until it is recorded as claimed or removed. Spare sandboxes have no
 * record; without the file one could not be told from a sandbox whose record was lost.
 */
@Component
final class PooledSandboxFiles {
  private final Path directory;

  @Autowired
  PooledSandboxFiles(SandboxProperties properties) {
    this(properties.home());
  }

  PooledSandboxFiles(Path home) {
    this.directory = home.resolve("spares");
  }

  /** Marks a sandbox that is about to be made as a spare one. */
  void put(SandboxId id) {
    try {
      Files.createDirectories(directory);
      Files.createFile(file(id));
    } catch (FileAlreadyExistsException e) {
      // It was tried before.
    } catch (IOException e) {
      throw new UncheckedIOException("cannot mark a spare sandbox in " + directory, e);
    }
  }

  /** Returns whether this sandbox was made as a spare one and is not known to be claimed. */
  boolean has(SandboxId id) {
    return Files.exists(file(id));
  }

  /** Removes the mark of a sandbox that is claimed, or gone. */
  void remove(SandboxId id) {
    try {
      Files.deleteIfExists(file(id));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file(id), e);
    }
  }

  private Path file(SandboxId id) {
    return directory.resolve(id.value());
  }
}
