package dev.caisson.link;

import dev.caisson.sandbox.KnownProcesses;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.sandbox.Supervisors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Supervisors behind unix sockets, each in a directory of its own that is mounted into its sandbox.
 */
@Component
final class UnixSupervisors implements Supervisors {
  private static final String SOCKET = "supervisor.sock";

  private final Path root;
  private final AtomicInteger open = new AtomicInteger();

  UnixSupervisors(SandboxProperties properties) {
    this.root = properties.home().resolve("run");
    try {
      // Nobody else on the host gets near the sockets.
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + root, e);
    }
  }

  @Override
  public Path prepare(SandboxId sandbox, long owner) {
    Path directory = directory(sandbox);
    try {
      FileSystemUtils.deleteRecursively(directory);
      Files.createDirectory(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      if (owner != 0) {
        Files.setAttribute(directory, "unix:uid", Math.toIntExact(owner));
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot give " + directory + " to the sandbox's root; the service must be root", e);
    }
  }

  @Override
  public Supervisor connect(SandboxId sandbox, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    Path socket = directory(sandbox).resolve(SOCKET);
    SupervisorLink link = new SupervisorLink(sandbox, socket, open);
    try {
      if (!Files.exists(socket)) {
        awaitSocket(socket, end);
      }
      link.greet(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      return link;
    } catch (IOException e) {
      link.close();
      throw new SupervisorException.Lost(sandbox, "Its supervisor cannot be reached: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SupervisorException.Lost(sandbox, "The wait for its supervisor was ended", e);
    }
  }

  /** Waits for the file to appear, told by the kernel. */
  private static void awaitSocket(Path socket, long end) throws IOException, InterruptedException {
    Path directory = socket.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new NoSuchFileException(socket.toString());
    }
    try (WatchService watch = directory.getFileSystem().newWatchService()) {
      directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      while (!Files.exists(socket)) {
        long left = end - System.nanoTime();
        var key = left <= 0 ? null : watch.poll(left, TimeUnit.NANOSECONDS);
        if (key == null) {
          throw new NoSuchFileException(socket.toString(), null, "did not appear in time");
        }
        key.pollEvents();
        key.reset();
      }
    }
  }

  @Override
  public Supervisor archived(SandboxId sandbox, Path processes, KnownProcesses known) {
    return new ArchivedSupervisor(sandbox, processes, known);
  }

  @Override
  public void forget(SandboxId sandbox) {
    try {
      FileSystemUtils.deleteRecursively(directory(sandbox));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the socket directory of " + sandbox, e);
    }
  }

  @Override
  public int connections() {
    return open.get();
  }

  private Path directory(SandboxId sandbox) {
    return root.resolve(sandbox.value());
  }
}
