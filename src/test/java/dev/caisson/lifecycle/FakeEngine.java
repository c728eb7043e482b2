package dev.caisson.lifecycle;

import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Usage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An engine in memory that can be told to fail. */
final class FakeEngine implements Engine {
  final Map<String, Found> containers = new LinkedHashMap<>();
  final Set<SandboxId> states = new LinkedHashSet<>();
  final List<String> calls = new ArrayList<>();
  volatile @Nullable RuntimeException imageFailure;
  volatile @Nullable RuntimeException removeFailure;
  volatile @Nullable RuntimeException stateFailure;
  volatile @Nullable Error readFailure;
  volatile @Nullable CountDownLatch reading;
  volatile @Nullable RuntimeException limitFailure;
  volatile @Nullable CountDownLatch pulling;
  final Map<SandboxId, Long> kept = new ConcurrentHashMap<>();
  volatile Map<SandboxId, Long> engineSays = Map.of();
  final List<SandboxId> measured = new ArrayList<>();
  volatile @Nullable String refused;
  volatile boolean userns = true;
  volatile @Nullable Consumer<Event> listener;
  volatile CountDownLatch begunReading = new CountDownLatch(1);

  @Override
  public Host host() {
    return new Host("27", "1.47", userns, 100000, true, 2, 4, 8L << 30);
  }

  @Override
  public boolean answers() {
    return true;
  }

  @Override
  public void admitImage(String reference) {
    if (reference.equals(refused)) {
      throw new EngineException.RegistryNotAllowed(reference, "docker.io");
    }
  }

  @Override
  public Image image(String reference, Consumer<String> progress) {
    CountDownLatch latch = pulling;
    if (latch != null) {
      progress.accept("pulling " + reference);
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EngineException.Unreachable("interrupted", e);
      }
    }
    if (imageFailure != null) {
      throw imageFailure;
    }
    return new Image("sha256:1", "sha256:d", Map.of("PATH", "/bin"), "", null, List.of("sh"));
  }

  @Override
  public Kit kit() {
    return new Kit("1", List.of("docker"));
  }

  @Override
  public synchronized String create(Plan plan) {
    String container = "c-" + plan.sandbox();
    calls.add("create " + plan.isolation());
    states.add(plan.sandbox());
    containers.put(
        container,
        new Found(plan.sandbox(), container, false, false, 0, Instant.EPOCH, plan.labels()));
    return container;
  }

  @Override
  public synchronized void start(String container) {
    state(container, true, false, 0);
  }

  @Override
  public void limit(String container, Resources resources) {
    if (limitFailure != null) {
      throw limitFailure;
    }
    calls.add("limit " + resources.memory());
  }

  @Override
  public void stop(String container, Duration grace) {
    state(container, false, false, 143);
  }

  @Override
  public InputStream read(String container, String path) {
    calls.add("read " + path);
    CountDownLatch latch = reading;
    if (latch != null) {
      begunReading.countDown();
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new EngineException.Unreachable("interrupted", e);
      }
    }
    if (readFailure != null) {
      throw readFailure;
    }
    return new ByteArrayInputStream(new byte[1024]);
  }

  @Override
  public InputStream readState(SandboxId sandbox, String path) {
    calls.add("read state of " + sandbox);
    throw new EngineException.Refused(404, "no such volume", null);
  }

  @Override
  public synchronized void removeState(SandboxId sandbox) {
    if (stateFailure != null) {
      throw stateFailure;
    }
    states.remove(sandbox);
  }

  @Override
  public boolean removeData(String volume) {
    return true;
  }

  @Override
  public List<String> data(String label, String value) {
    return List.of();
  }

  @Override
  public Path dataRoot() {
    return Path.of("/");
  }

  @Override
  public @Nullable Long diskUse(SandboxId sandbox) {
    measured.add(sandbox);
    return kept.get(sandbox);
  }

  @Override
  public Map<SandboxId, Long> diskUse() {
    return engineSays;
  }

  @Override
  public synchronized List<SandboxId> states(String label, String value) {
    return List.copyOf(states);
  }

  @Override
  public synchronized void remove(String container) {
    if (removeFailure != null) {
      throw removeFailure;
    }
    containers.remove(container);
  }

  @Override
  public synchronized List<Found> list() {
    return List.copyOf(containers.values());
  }

  @Override
  public synchronized @Nullable Found find(String container) {
    return containers.get(container);
  }

  /** Every reading of what a sandbox uses; null for none. */
  @Nullable Usage sample;

  @Override
  public Usage.Readings usage(String container) {
    calls.add("usage");
    return new Usage.Readings() {
      @Override
      public @Nullable Usage next() {
        return sample;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public String logTail(String container, int lines) {
    return "no such file or directory";
  }

  @Override
  public AutoCloseable watch(Consumer<Event> events) {
    listener = events;
    events.accept(new Event(Change.CONNECTED, null));
    return () -> listener = null;
  }

  synchronized void state(String container, boolean running, boolean memory, int code) {
    Found found = containers.get(container);
    if (found != null) {
      containers.put(
          container,
          new Found(
              found.sandbox(), container, running, memory, code, Instant.EPOCH, found.labels()));
    }
  }

  /** Tells this, of one sandbox or of none. */
  void tell(Change change, @Nullable SandboxId sandbox) {
    Consumer<Event> told = listener;
    if (told != null) {
      told.accept(new Event(change, sandbox));
    }
  }

  /** Ends a container as a crash would, and tells. */
  void die(SandboxId sandbox, boolean memory, int code) {
    state("c-" + sandbox, false, memory, code);
    tell(Change.DIED, sandbox);
  }
}
