package dev.caisson.link;

import dev.caisson.sandbox.KnownProcesses;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.sandbox.Supervisors;
import dev.caisson.time.Deadline;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Supervisors behind unix sockets, each in a directory of its own that is mounted into its sandbox.
 */
@Component
final class UnixSupervisors implements Supervisors {
  private static final Logger log = LoggerFactory.getLogger(UnixSupervisors.class);
  private static final String SOCKET = "supervisor.sock";

  private final Path root;
  private final Words words;

  /** The budget of each sandbox, whatever becomes of its connections. */
  private final Map<SandboxId, LinkBudget> budgets = new ConcurrentHashMap<>();

  private final Trash trash;
  private final Seal seal = new Seal();
  private final AtomicInteger open = new AtomicInteger();

  UnixSupervisors(SandboxProperties properties, MeterRegistry meters) {
    this.root = properties.home().resolve("run");
    try {
      // No other user of the host gets near the sockets.
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + root, e);
    }
    words = new Words(properties.home().resolve("words"));
    this.trash = new Trash(root.resolve(".trash"));
    trash.sweepSoon();
    Gauge.builder("caisson.supervisor.connections", open, AtomicInteger::get).register(meters);
  }

  @Override
  public Path prepare(SandboxId sandbox, long owner) {
    Path directory = directory(sandbox);
    try {
      discard(directory);
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
    Deadline end = Deadline.in(deadline);
    Path socket = directory(sandbox).resolve(SOCKET);
    LinkBudget budget = budgets.computeIfAbsent(sandbox, _ -> new LinkBudget());
    SupervisorLink link = new SupervisorLink(sandbox, socket, words, budget, open);
    try {
      if (!Files.exists(socket)) {
        awaitSocket(socket, end);
      }
      link.greet(Duration.ofNanos(Math.max(1, end.nanos())));
      // It listens, and nothing else has run in there yet.
      seal.put(directory(sandbox));
      return link;
    } catch (IOException e) {
      link.close();
      throw new SupervisorException.Lost(sandbox, "The supervisor cannot be reached: " + e, e);
    } catch (SupervisorException e) {
      link.close();
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SupervisorException.Lost(sandbox, "The wait for its supervisor was ended", e);
    }
  }

  /** Waits for the file to appear, of which the kernel gives notice. */
  private static void awaitSocket(Path socket, Deadline end)
      throws IOException, InterruptedException {
    Path directory = socket.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new NoSuchFileException(socket.toString());
    }
    try (WatchService watch = directory.getFileSystem().newWatchService()) {
      directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      while (!Files.exists(socket)) {
        var key = watch.poll(end.nanos(), TimeUnit.NANOSECONDS);
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
    words.forget(sandbox);
    budgets.remove(sandbox);
    Path directory = directory(sandbox);
    try {
      discard(directory);
    } catch (IOException e) {
      // The sandbox has ended all the same: what is left is an empty name on the host.
      log.warn("the socket directory {} cannot be removed: {}", directory, e.toString());
    }
  }

  private void discard(Path directory) throws IOException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      seal.remove(directory);
      trash.take(directory);
    }
  }

  private Path directory(SandboxId sandbox) {
    return root.resolve(sandbox.value());
  }
}
