package dev.caisson.engine;

import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.SandboxId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Disks with a limit: for each sandbox that wants one a sparse file in the state directory, with a
 * file system in it, as a loop device that the engine mounts. Only where the service is root on the
 * engine's own host.
 *
 * <p>The file is what tells of a disk: it is there before the device and goes after it.
 */
final class LoopDisks {

  private static final Path CONTROL = Path.of("/dev/loop-control");
  private static final String SUFFIX = ".img";

  private final Path directory;
  private final URI engine;

  /**
   * @param home of the service
   */
  LoopDisks(Path home, URI engine) {
    this.directory = home.toAbsolutePath().resolve("disks");
    this.engine = engine;
  }

  /** Returns why there can be no such disks, and the remedy; null where there can. */
  @Nullable String obstacle() {
    if (!isLocal()) {
      return "the engine is on another host, and a disk with a limit is made on its own; run the"
          + " service there";
    }
    if (!"root".equals(System.getProperty("user.name"))) {
      return "the service is not root on the engine's host, and so cannot make loop devices; run it"
          + " as root";
    }
    if (!Files.isWritable(CONTROL)) {
      return CONTROL
          + " is not there or not writable, as in a container; run the service on the host itself,"
          + " with the kernel module loop";
    }
    for (String program : List.of("mkfs.ext4", "losetup")) {
      if (!HostProgram.has(program)) {
        return program + " is not installed on the host; install e2fsprogs and util-linux";
      }
    }
    return null;
  }

  /** Returns whether the engine can be on this host at all. */
  boolean isLocal() {
    return "unix".equals(engine.getScheme());
  }

  /**
   * Makes a disk and returns its device.
   *
   * @param root the uid that the sandbox's root has on the host
   */
  String make(SandboxId sandbox, long bytes, long root) {
    Path file = file(sandbox);
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
        sparse.setLength(bytes);
      }
      // Without a journal: nothing of a sandbox outlives a crash of its host. Without a reserve for
      // root, as which everything in there runs.
      HostProgram.run(
          "mkfs.ext4",
          "-q",
          "-F",
          "-m",
          "0",
          "-O",
          "^has_journal",
          "-E",
          "root_owner=%d:%d,lazy_itable_init=1".formatted(root, root),
          file.toString());
      return HostProgram.run("losetup", "--find", "--show", file.toString()).strip();
    } catch (IOException e) {
      throw refused("make the disk of sandbox " + sandbox, e);
    }
  }

  /** Removes a disk that is no longer mounted; nothing happens if there is none. */
  void remove(SandboxId sandbox) {
    Path file = file(sandbox);
    if (!Files.exists(file)) {
      return;
    }
    try {
      for (String device : devices(file)) {
        HostProgram.run("losetup", "--detach", device);
      }
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw refused("remove the disk of sandbox " + sandbox, e);
    }
  }

  /** Returns whether the sandbox has a disk. */
  boolean has(SandboxId sandbox) {
    return Files.exists(file(sandbox));
  }

  /** Returns the sandboxes that have a disk. */
  List<SandboxId> all() {
    List<SandboxId> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        SandboxId.parse(name.substring(0, name.length() - SUFFIX.length())).ifPresent(found::add);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw refused("list the disks of sandboxes", e);
    }
    return found;
  }

  private static List<String> devices(Path file) throws IOException {
    String listed =
        HostProgram.run(
            "losetup", "--list", "--noheadings", "--output", "NAME", "-j", file.toString());
    return listed.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /** Returns the file of a sandbox's disk. */
  Path file(SandboxId sandbox) {
    return directory.resolve(sandbox + SUFFIX);
  }

  private static EngineException refused(String what, IOException e) {
    return new EngineException.Refused(0, "The host refused to " + what + ": " + e.getMessage(), e);
  }
}
