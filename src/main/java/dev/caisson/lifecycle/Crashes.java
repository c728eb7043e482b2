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
 * A count, on disk, of the service's crashes in each step of one sandbox's end: a file for each
 * step that was begun and has not returned, a byte long for each time. Without it a sandbox whose
 * end crashes the service would do so at every start.
 */
final class Crashes {
  /** The number of crashes in one step after which that step is not tried again. */
  static final int MOST = 3;

  private static final Logger log = LoggerFactory.getLogger(Crashes.class);

  private final Path directory;
  private final SandboxId id;

  /** Creates the count for this sandbox, kept below this state directory. */
  Crashes(Path home, SandboxId id) {
    this.directory = home.resolve("endings");
    this.id = id;
  }

  /** Returns whether this step has crashed the service too often to be tried again. */
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

  /** Counts the step as a crash from its beginning on, until {@link #end} clears that. */
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

  /**
   * Clears the step's count after it has returned, with or without a failure: the service survives
   * it.
   */
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

  /**
   * Takes back the latest count of a step that an orderly stop of the service interrupts: that is
   * no crash; the counts before it stay.
   */
  void takeBack(Step step) {
    try (FileChannel file = FileChannel.open(file(step), StandardOpenOption.WRITE)) {
      file.truncate(Math.max(0, file.size() - 1));
    } catch (IOException e) {
      log.atDebug().addKeyValue("sandbox", id).setCause(e).log("a stop is counted as a crash");
    }
  }

  /** Clears all counts of the sandbox, whose end is complete. */
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

  /** A step of a sandbox's end. */
  enum Step {
    /** The search for the sandbox's container, where none is recorded. */
    SEARCH("looking for its container"),
    /** The archiving of its processes' output, which is copied out of the container. */
    ARCHIVE("archiving its output"),
    /** The recording of what became of its processes. */
    TELL("recording the ends of its processes"),
    /** The removal of its container. */
    REMOVE("removing its container"),
    /** The removal of its volumes and its disk. */
    STATE("removing its state"),
    /** The removal of its socket directory. */
    SOCKET("removing its socket directory");

    private final String words;

    Step(String words) {
      this.words = words;
    }

    /** Returns what is done in the step, in words for people. */
    String words() {
      return words;
    }
  }
}
