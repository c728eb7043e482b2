package dev.caisson.lifecycle;

import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxProperties;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** The free space on the file systems that sandboxes and their records are on. */
@Component
@EnableConfigurationProperties(DiskProperties.class)
class HostDisk {
  private static final Logger log = LoggerFactory.getLogger(HostDisk.class);

  private final Path home;
  private final Engine engine;
  private final DiskProperties properties;
  private final Function<Path, Space> spaces;

  /** The free space at the last call of {@link #taken}; for use by one thread. */
  private final Map<Path, Space> before = new HashMap<>();

  /** The paths whose free space is unknown, as was logged. */
  private final Set<Path> unknown = ConcurrentHashMap.newKeySet();

  @Autowired
  HostDisk(SandboxProperties sandboxes, Engine engine, DiskProperties properties) {
    this(sandboxes.home(), engine, properties);
  }

  HostDisk(Path home, Engine engine, DiskProperties properties) {
    this(home, engine, properties, HostDisk::space);
  }

  /** Creates a view of the disk whose spaces a test provides. */
  HostDisk(Path home, Engine engine, DiskProperties properties, Function<Path, Space> spaces) {
    this.home = home;
    this.engine = engine;
    this.properties = properties;
    this.spaces = spaces;
  }

  /**
   * A file system at one moment.
   *
   * @param device by which two paths are known to be on the same
   * @param total in bytes; 0 where it is unknown
   */
  record Space(Object device, long total, long free) {
    private double part() {
      return total <= 0 ? 1 : (double) free / total;
    }
  }

  /**
   * A file system of which little is free.
   *
   * @param free part of 1
   */
  record Low(Path path, double free) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%.1f %% are free on the file system of %s", 100 * free, path);
    }
  }

  /**
   * Checks that enough is free for one more sandbox.
   *
   * @throws SandboxException.HostDiskFull if too little is free
   */
  void admit() {
    Low low = below(properties.refuseBelow());
    if (low != null) {
      throw new SandboxException.HostDiskFull(low.path, low.free, properties.refuseBelow());
    }
  }

  /**
   * Returns the file system with the least free, if less than this part of 1 is; null where there
   * is none.
   */
  @Nullable Low below(double part) {
    Low least = null;
    for (Path path : paths()) {
      double free = look(path).part();
      if (free < part && (least == null || free < least.free)) {
        least = new Low(path, free);
      }
    }
    return least;
  }

  /**
   * Returns how many bytes have become used since the last call: no sandbox can have written more
   * than that, except for what was removed in the same moment.
   */
  long taken() {
    long taken = 0;
    Object counted = null;
    for (Path path : paths()) {
      Space now = look(path);
      Space last = now.total > 0 ? before.put(path, now) : null;
      if (last != null && !now.device.equals(counted)) {
        taken += Math.max(0, last.free - now.free);
      }
      counted = now.device;
    }
    return taken;
  }

  private List<Path> paths() {
    Path root = engine.dataRoot();
    // In a container the service does not see the engine's directory.
    return root != null && Files.isDirectory(root) ? List.of(home, root) : List.of(home);
  }

  /**
   * Returns the space on a path's file system, which is asked every second; logs once where it is
   * unknown.
   */
  private Space look(Path path) {
    Space space = spaces.apply(path);
    if (space.total > 0) {
      unknown.remove(path);
    } else if (unknown.add(path)) {
      log.warn("what is free on the file system of {} cannot be told", path);
    }
    return space;
  }

  private static Space space(Path path) {
    File file = path.toFile();
    try {
      Object device = Objects.requireNonNullElse(Files.getAttribute(path, "unix:dev"), path);
      return new Space(device, file.getTotalSpace(), file.getUsableSpace());
    } catch (IOException e) {
      log.debug("{} cannot be looked at", path, e);
      return new Space(path, 0, 0);
    }
  }
}
