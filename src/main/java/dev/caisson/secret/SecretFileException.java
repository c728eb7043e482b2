package dev.caisson.secret;

import java.nio.file.Path;

/** A secret that cannot be read, cannot be made or cannot be one: the service does not start. */
public final class SecretFileException extends IllegalStateException {
  final transient Path file;
  final String remedy;

  /**
   * Creates the exception that says what is wrong with a file, in words that quote nothing of it.
   *
   * @param what follows the file's name
   * @param remedy what its operator does about it
   */
  public SecretFileException(Path file, String what, String remedy) {
    super(file + " " + what);
    this.file = file;
    this.remedy = remedy;
  }

  SecretFileException(Path file, String what, String remedy, Exception cause) {
    super(file + " " + what + ": " + cause, cause);
    this.file = file;
    this.remedy = remedy;
  }
}
