package dev.caisson.cli.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A file with a secret in it: whole or not at all, and at no moment readable by other users. */
public final class PrivateFile {
  private PrivateFile() {}

  public static void write(Path file, byte[] content) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      if (parent == null) {
        throw new IOException("it has no directory");
      }
      Files.createDirectories(parent);
      Path made =
          Files.createTempFile(
              parent,
              ".caisson-",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        Files.write(made, content);
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(made);
      }
    } catch (IOException e) {
      throw new CliException.Failed("cannot write " + file, e);
    }
  }
}
