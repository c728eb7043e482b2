package dev.caisson.it.service;

import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A state directory with a file system of its own, which can be filled. */
public final class SmallHome implements AutoCloseable {
  private final Path image;
  private final Path directory;

  /** Mounts a new one of this size below that directory. */
  public SmallHome(Path parent, String size) {
    image = parent.resolve("home.img");
    directory = parent.resolve("home");
    Machine.run("truncate", "-s", size, image.toString());
    Machine.run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
    try {
      Files.createDirectory(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Machine.run("mount", "-o", "loop", image.toString(), directory.toString());
  }

  public Path directory() {
    return directory;
  }

  /** Takes all space that is left; what is written from now on meets ENOSPC. */
  public void fill() {
    String ballast = directory.resolve("ballast").toString();
    // The most at once, then to the last block, which fails when there is no more.
    String line =
        "fallocate -l $(df --output=avail -B1 '%s' | tail -n 1) '%s'; cat /dev/zero >>'%s'"
            .formatted(directory, ballast, ballast);
    Machine.attempt("sh", "-c", line);
  }

  /** Gives it back. */
  public void free() {
    try {
      Files.deleteIfExists(directory.resolve("ballast"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // What a service had mounted from here may be let go of a moment after its container.
    Eventually.holds(
        () -> Machine.attempt("umount", directory.toString()).code(), code -> code == 0);
  }
}
