package dev.caisson.engine.network;

import dev.caisson.sandbox.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits where a hostile root cannot reach them: on version 1 the limits of a sandbox without a
 * user namespace lie in its own cgroup, which it can write. Its parent it cannot even see.
 */
public final class ParentCgroups {
  private static final Logger log = LoggerFactory.getLogger(ParentCgroups.class);
  private static final int PERIOD = 100_000;

  /**
   * Devices that the engine gives every container, and FUSE, which sandboxes with Docker have where
   * the host lets every user open it; a runtime fails that is to give more than its parent.
   */
  private static final List<String> DEVICES =
      List.of(
          "c *:* m",
          "b *:* m",
          "c 1:3 rwm",
          "c 1:5 rwm",
          "c 1:7 rwm",
          "c 1:8 rwm",
          "c 1:9 rwm",
          "c 5:0 rwm",
          "c 5:1 rwm",
          "c 5:2 rwm",
          "c 136:* rwm",
          "c 10:200 rwm",
          "c 10:229 rwm");

  private final Path root;
  private final String service;

  /**
   * Creates the parents of one service.
   *
   * @param root where the trees are mounted, {@code /sys/fs/cgroup}
   */
  ParentCgroups(Path root, String instance) {
    this.root = root;
    this.service = "caisson-" + Networks.brief(instance);
  }

  /** Makes a parent; returns the path that a container has to name. */
  public String make(String name, Resources limits) {
    try {
      Path memory = directory("memory", name);
      if (limits.memory() > 0) {
        write(memory.resolve("memory.limit_in_bytes"), limits.memory());
        Path swap = memory.resolve("memory.memsw.limit_in_bytes");
        if (Files.exists(swap)) {
          write(swap, limits.memory());
        }
      }
      Path pids = directory("pids", name);
      if (limits.pids() > 0) {
        write(pids.resolve("pids.max"), limits.pids());
      }
      Path cpu = directory("cpu", name);
      if (limits.cpu() > 0) {
        write(cpu.resolve("cpu.cfs_period_us"), PERIOD);
        write(cpu.resolve("cpu.cfs_quota_us"), Math.round(limits.cpu() * PERIOD));
      }
      Path devices = directory("devices", name);
      write(devices.resolve("devices.deny"), "a");
      for (String device : DEVICES) {
        write(devices.resolve("devices.allow"), device);
      }
      return "/" + service + "/" + name;
    } catch (IOException e) {
      throw new UncheckedIOException("no cgroup can be made above the sandbox's: " + e, e);
    }
  }

  private Path directory(String controller, String name) throws IOException {
    Path tree = root.resolve(controller);
    if (!Files.isDirectory(tree)) {
      throw new IOException("there is no tree of the controller " + controller + " in " + root);
    }
    return Files.createDirectories(tree.resolve(service).resolve(name));
  }

  private static void write(Path file, Object value) throws IOException {
    Files.writeString(file, value.toString(), StandardOpenOption.WRITE);
  }

  /** Removes a parent from all trees, also from those where the engine has made it. */
  public void remove(String name) {
    each(service, tree -> delete(tree.resolve(service).resolve(name)));
  }

  /**
   * Removes the parents that nothing is in: what a crash left between the parent and its sandbox.
   */
  void tidy() {
    each(
        service,
        tree -> {
          try (DirectoryStream<Path> left =
              Files.newDirectoryStream(tree.resolve(service), Files::isDirectory)) {
            left.forEach(ParentCgroups::delete);
          } catch (IOException e) {
            log.debug("cgroups in {} cannot be listed: {}", tree, e.toString());
          }
          delete(tree.resolve(service));
        });
  }

  private void each(String with, java.util.function.Consumer<Path> work) {
    try (DirectoryStream<Path> trees = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (Path tree : trees) {
        if (!Files.isSymbolicLink(tree) && Files.isDirectory(tree.resolve(with))) {
          work.accept(tree);
        }
      }
    } catch (IOException e) {
      log.debug("cgroups cannot be listed: {}", e.toString());
    }
  }

  private static void delete(Path cgroup) {
    try {
      Files.delete(cgroup);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      // Something is still in it; the next start of the service looks again.
      log.debug("cgroup {} is not removed: {}", cgroup, e.toString());
    }
  }
}
