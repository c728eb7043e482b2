package dev.caisson.lifecycle;

import dev.caisson.sandbox.SandboxId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often the service crashed in each step of one sandbox's end, on disk: a file for each step
 * that was begun and has not returned, a byte long for each time. Without it a sandbox whose end
 * crashes the service would do so at every start.
 */
final class Crashes {
  /** So many in the same step, and it is not tried again. */
  static final int MOST = 3;

  private static final Logger log = LoggerFactory.getLogger(Crashes.class);

  private final Path directory;
  private final SandboxId id;

  /** Those of this sandbox, below this state directory. */
  Crashes(Path home, SandboxId id) {
    this.directory = home.resolve("endings");
    this.id = id;
  }

  /** Whether this step is not to be tried again. */
  boolean isTooMany(Step step) {
    return count(step) >= MOST;
  }

  private long count(Step step) {
    try {
      return Files.size(file(step));
    } catch (IOException e) {
      return 0;
    }
  }

  /** It is about to be begun: unless it returns, that was a crash. */
  void begin(Step step) {
    try {
      Files.createDirectories(directory);
      // A byte more, so that no half-written number is ever read.
      Files.write(
          file(step), new byte[] {'x'}, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      // A full disk must not keep a sandbox from its end.
      log.atWarn()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.toString())
          .log("a crash in this step of its end would not be counted");
    }
  }

  /** It returned, in whatever way: the service can do it. */
  void end(Step step) {
    try {
      Files.deleteIfExists(file(step));
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.toString())
          .log("a step of its end is counted as a crash");
    }
  }

  /** The service stops in the middle of it, in order: that is no crash, those before stay. */
  void takeBack(Step step) {
    try (FileChannel file = FileChannel.open(file(step), StandardOpenOption.WRITE)) {
      file.truncate(Math.max(0, file.size() - 1));
    } catch (IOException e) {
      log.atDebug().addKeyValue("sandbox", id).setCause(e).log("a stop is counted as a crash");
    }
  }

  /** Nothing of it is left to be done. */
  void forget() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, id.value() + ".*")) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Nothing was ever counted.
    } catch (IOException e) {
      log.atDebug().addKeyValue("sandbox", id).setCause(e).log("counted crashes stay");
    }
  }

  private Path file(Step step) {
    return directory.resolve(id.value() + "." + step.name().toLowerCase(Locale.ROOT));
  }

  /** A step of an end. */
  enum Step {
    /** Its container is looked for, where none is recorded. */
    SEARCH("looking for its container"),
    /** What its processes wrote is copied out of it. */
    ARCHIVE("archiving its output"),
    /** What became of its processes is recorded. */
    TELL("recording the ends of its processes"),
    /** Its container is removed. */
    REMOVE("removing its container"),
    /** Its volumes and its disk are removed. */
    STATE("removing its state"),
    /** Its socket directory is removed. */
    SOCKET("removing its socket directory");

    private final String words;

    Step(String words) {
      this.words = words;
    }

    /** What is done in it, for people. */
    String words() {
      return words;
    }
  }
}
