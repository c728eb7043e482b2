package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.system.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The dumps that dockerd writes when it is sent USR1: files with the stacks of all its goroutines,
 * in its exec root. Only some are kept, since they lie in memory.
 */
final class DaemonStacks {

  private static final int KEPT = 5;
  private static final int HEAD_LINES = 12;
  private static final int LONGEST_LINE = 300;

  private final DaemonLayout layout;

  DaemonStacks(DaemonLayout layout) {
    this.layout = layout;
  }

  /** Returns the newest dump, if it was written since then, or null; removes old dumps. */
  @Nullable Path since(Instant asked) {
    List<Path> files = newestFirst();
    for (Path old : files.subList(Math.min(KEPT, files.size()), files.size())) {
      try {
        Files.deleteIfExists(old);
      } catch (IOException e) {
        Log.warn("an old dump of stacks is not removed", "path", old, "error", e);
      }
    }
    return files.stream()
        // The file system's clock ticks more coarsely than ours.
        .filter(file -> !written(file).toInstant().isBefore(asked.minusMillis(100)))
        .findFirst()
        .orElse(null);
  }

  /** Returns the first lines of a dump: which goroutine waits for what. */
  static @Nullable String head(Path dump) {
    try (Stream<String> lines = Files.lines(dump)) {
      return lines
          .limit(HEAD_LINES)
          .map(line -> line.substring(0, Math.min(LONGEST_LINE, line.length())))
          .collect(Collectors.joining("\n"));
    } catch (IOException | java.io.UncheckedIOException e) {
      Log.warn("a dump of stacks cannot be read", "path", dump, "error", e);
      return null;
    }
  }

  private List<Path> newestFirst() {
    List<Path> found = new ArrayList<>();
    try (var files = Files.newDirectoryStream(layout.dockerState(), "goroutine-stacks-*")) {
      files.forEach(found::add);
    } catch (IOException e) {
      Log.debug("no dump of stacks", "error", e);
    }
    found.sort(Comparator.comparing(DaemonStacks::written).reversed());
    return found;
  }

  private static FileTime written(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }
}
