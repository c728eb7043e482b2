package dev.caisson.link;

import dev.caisson.sandbox.SandboxId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words by which supervisors are known again, a file for each sandbox that its owner alone can
 * read, in a directory that no sandbox sees. They outlive the service; what ends the host ends the
 * sandboxes too, so nothing is forced to disk.
 */
final class Words {
  static final int LENGTH = 32;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path directory;
  private final Map<SandboxId, Word> known = new HashMap<>();

  /**
   * A word.
   *
   * @param heard whether the supervisor is known to have it
   */
  record Word(byte[] secret, boolean heard) {
    @Override
    public String toString() {
      return "Word[heard=" + heard + "]";
    }
  }

  Words(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory, only("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + directory, e);
    }
  }

  /** Returns the word of a sandbox, or null if it never had one. */
  synchronized @Nullable Word of(SandboxId sandbox) throws IOException {
    Word word = known.get(sandbox);
    if (word != null) {
      return word;
    }
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file(sandbox));
    } catch (NoSuchFileException e) {
      return null;
    }
    if (bytes.length != LENGTH + 1) {
      throw new IOException("the word of " + sandbox + " is damaged");
    }
    Word read = new Word(Arrays.copyOf(bytes, LENGTH), bytes[LENGTH] == 1);
    known.put(sandbox, read);
    return read;
  }

  /** Makes a word that the supervisor is still to be given. */
  synchronized Word make(SandboxId sandbox) throws IOException {
    byte[] secret = new byte[LENGTH];
    RANDOM.nextBytes(secret);
    return write(sandbox, new Word(secret, false));
  }

  /** Notes that the supervisor has the word: from here on one that has it not is another. */
  synchronized void heard(SandboxId sandbox, Word word) throws IOException {
    write(sandbox, new Word(word.secret(), true));
  }

  private Word write(SandboxId sandbox, Word word) throws IOException {
    byte[] bytes = Arrays.copyOf(word.secret(), LENGTH + 1);
    bytes[LENGTH] = (byte) (word.heard() ? 1 : 0);
    Path fresh = fresh(sandbox);
    Files.deleteIfExists(fresh);
    try (var channel =
        Files.newByteChannel(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            only("rw-------"))) {
      channel.write(java.nio.ByteBuffer.wrap(bytes));
    }
    Files.move(fresh, file(sandbox), StandardCopyOption.ATOMIC_MOVE);
    known.put(sandbox, word);
    return word;
  }

  /** Forgets the word of a sandbox that is over. */
  synchronized void forget(SandboxId sandbox) {
    known.remove(sandbox);
    try {
      Files.deleteIfExists(file(sandbox));
      // What a full disk or an end of the service left of one that was being written.
      Files.deleteIfExists(fresh(sandbox));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the word of " + sandbox, e);
    }
  }

  private Path file(SandboxId sandbox) {
    return directory.resolve(sandbox.value());
  }

  private Path fresh(SandboxId sandbox) {
    return directory.resolve(sandbox.value() + ".new");
  }

  private static FileAttribute<?> only(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }
}
