package dev.caisson.proxy;

import dev.caisson.sandbox.DelegatingTunnel;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Tunnel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Tunnels to the daemons of sandboxes that wait for their next HTTP exchange: a new one is dialled
 * through the supervisor, which is a third of what a short call takes. Each is of one sandbox and
 * is never used for another.
 */
@Component
public final class KeptTunnels {
  /**
   * The most tunnels kept for one sandbox: as many as a client keeps that asks for several things
   * at once.
   */
  static final int PER_SANDBOX = 4;

  /** The time a tunnel is kept: it spans the pauses of a build or of a console that looks again. */
  static final Duration IDLE = Duration.ofSeconds(30);

  private final Map<SandboxId, Deque<Kept>> kept = new HashMap<>();
  private final Duration idle;
  private final Executor later;
  private boolean sweeping;

  @Autowired
  KeptTunnels() {
    this(
        IDLE,
        CompletableFuture.delayedExecutor(
            IDLE.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread));
  }

  /**
   * Creates a pool that keeps tunnels for this long.
   *
   * @param later runs a look for older ones when that time has passed
   */
  KeptTunnels(Duration idle, Executor later) {
    this.idle = idle;
    this.later = later;
  }

  /** A tunnel that is not in use, and since when. */
  private record Kept(Tunnel tunnel, long since) {}

  /**
   * Takes a kept tunnel into this sandbox, or dials one; it is kept again when it is closed after
   * {@link Lease#keep}.
   *
   * @param dial opens a tunnel; its exceptions are passed on
   */
  public Lease take(SandboxId sandbox, Supplier<Tunnel> dial) {
    for (Tunnel each = next(sandbox); each != null; each = next(sandbox)) {
      // The daemon may have ended since, or have sent something unasked.
      if (each.isQuiet()) {
        return new Lease(sandbox, each);
      }
      each.close();
    }
    return new Lease(sandbox, dial.get());
  }

  private synchronized @Nullable Tunnel next(SandboxId sandbox) {
    Deque<Kept> all = kept.get(sandbox);
    if (all == null) {
      return null;
    }
    Kept last = all.removeLast();
    if (all.isEmpty()) {
      kept.remove(sandbox);
    }
    return last.tunnel();
  }

  /** Keeps a tunnel, unless there are enough; returns whether it is kept. */
  private synchronized boolean put(SandboxId sandbox, Tunnel tunnel) {
    Deque<Kept> all = kept.computeIfAbsent(sandbox, _ -> new ArrayDeque<>(PER_SANDBOX));
    if (all.size() >= PER_SANDBOX) {
      return false;
    }
    all.addLast(new Kept(tunnel, System.nanoTime()));
    sweepLater();
    return true;
  }

  private void sweepLater() {
    if (!sweeping) {
      sweeping = true;
      later.execute(this::sweep);
    }
  }

  /**
   * Closes tunnels that were not used for that long; comes again after the same time, if any are
   * left.
   */
  private void sweep() {
    unused().forEach(Tunnel::close);
  }

  private synchronized List<Tunnel> unused() {
    long now = System.nanoTime();
    List<Tunnel> unused = new ArrayList<>();
    for (Deque<Kept> all : kept.values()) {
      while (!all.isEmpty() && now - all.getFirst().since() >= idle.toNanos()) {
        unused.add(all.removeFirst().tunnel());
      }
    }
    kept.values().removeIf(Deque::isEmpty);
    sweeping = false;
    if (!kept.isEmpty()) {
      sweepLater();
    }
    return unused;
  }

  /** A tunnel for one exchange. */
  public final class Lease extends DelegatingTunnel {
    private final SandboxId sandbox;
    private final Tunnel tunnel;
    private boolean keep;
    private boolean closed;

    private Lease(SandboxId sandbox, Tunnel tunnel) {
      super(tunnel);
      this.sandbox = sandbox;
      this.tunnel = tunnel;
    }

    /**
     * Lets the tunnel be used for another exchange once it is closed: nothing of this one is left
     * in it.
     */
    public synchronized void keep() {
      keep = true;
    }

    /** Closes the tunnel or keeps it, once: it may be another exchange's from then on. */
    @Override
    public void close() {
      boolean wanted;
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
        wanted = keep;
      }
      if (!wanted || !put(sandbox, tunnel)) {
        super.close();
      }
    }
  }
}
