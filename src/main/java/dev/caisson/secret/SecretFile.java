package dev.caisson.secret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with a secret, or with an identity, that is made once and believed ever after. It is
 * written aside, forced to the disk and only then given its name, so that neither a full disk nor a
 * crash leaves one that is empty or half; and one that is too short is refused.
 */
public final class SecretFile {
  private static final Logger log = LoggerFactory.getLogger(SecretFile.class);

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  /** The most bytes of a secret; a device or a log that was named by mistake has more. */
  private static final long MOST = 64 << 10;

  private static final String PART = ".part";

  /** The steps by which a secret is made, in this order; tests break it off behind each. */
  enum Step {
    CREATED,
    WRITTEN,
    FORCED,
    NAMED,
    DONE
  }

  private final Path file;
  private final int least;
  private final Consumer<Step> steps;

  /**
   * Creates the secret of a file; nothing is read or made yet.
   *
   * @param least the fewest characters that are believed, white space around them apart
   */
  public SecretFile(Path file, int least) {
    this(file, least, _ -> {});
  }

  SecretFile(Path file, int least, Consumer<Step> steps) {
    this.file = file.toAbsolutePath();
    this.least = least;
    this.steps = steps;
  }

  /**
   * Returns the content of the file, without white space around it; where there is no file yet,
   * makes it with what the maker gives.
   *
   * @throws SecretFileException if it cannot be read or made, or holds fewer characters than are
   *     believed
   */
  public String readOrMake(Supplier<String> maker) {
    try {
      if (!Files.exists(file)) {
        makeUnlessOtherDoes(maker.get());
      }
      String text = read();
      forgetParts();
      return text;
    } catch (IOException e) {
      throw new SecretFileException(
          file,
          "cannot be read or created",
          "Free space on its file system, or let the service's user read and write there; then"
              + " start the service again.",
          e);
    }
  }

  private void makeUnlessOtherDoes(String text) throws IOException {
    try {
      make(text);
      log.atInfo().addKeyValue("file", file).log("secret generated");
    } catch (NoSuchFileException e) {
      // Another start at the same moment was done first, and has tidied up.
      if (!Files.exists(file)) {
        throw e;
      }
    }
  }

  private String read() throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MOST) {
      throw new SecretFileException(
          file, "is not a file with a secret", "Move it away: the next start creates a new one.");
    }
    keepToOwner();
    String text = Files.readString(file).strip();
    if (text.length() < least) {
      throw new SecretFileException(
          file,
          "holds "
              + text.length()
              + " characters, which is too short for a secret: at least "
              + least
              + " are needed",
          "Restore it from a backup, or remove it: the next start creates a new one.");
    }
    return text;
  }

  /**
   * Takes rights from others that they need not have; a read-only mount is left as it is, and
   * reported.
   */
  private void keepToOwner() throws IOException {
    Set<PosixFilePermission> granted = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    if (!granted.removeIf(each -> !each.name().startsWith("OWNER_"))) {
      return;
    }
    try {
      Files.setPosixFilePermissions(file, granted);
      log.atWarn().addKeyValue("file", file).log("a secret was open to others: not any more");
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("error", e.toString())
          .log("a secret is open to others, and that cannot be changed");
    }
  }

  private void make(String text) throws IOException {
    Path directory = directory();
    Files.createDirectories(directory);
    Path part =
        Files.createTempFile(
            directory, prefix(), PART, PosixFilePermissions.asFileAttribute(OWNER));
    steps.accept(Step.CREATED);
    try {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text + "\n");
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        steps.accept(Step.WRITTEN);
        channel.force(true);
      }
      steps.accept(Step.FORCED);
      name(part);
      steps.accept(Step.NAMED);
    } finally {
      Files.deleteIfExists(part);
    }
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
    steps.accept(Step.DONE);
  }

  /** Gives the part the file's name, unless another start was quicker: then that one's counts. */
  private void name(Path part) throws IOException {
    try {
      Files.createLink(file, part);
    } catch (FileAlreadyExistsException e) {
      // What is there is whole: it came this way too.
    } catch (UnsupportedOperationException e) {
      Files.move(part, file);
    }
  }

  /** Removes the parts that interrupted starts have left. */
  private void forgetParts() throws IOException {
    try (DirectoryStream<Path> parts =
        Files.newDirectoryStream(directory(), prefix() + "*" + PART)) {
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    }
  }

  private Path directory() {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " is not a file");
    }
    return parent;
  }

  private String prefix() {
    return "." + file.getFileName() + ".";
  }
}
