package dev.caisson.usage;

import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Usage;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The resources that sandboxes use: each sandbox is measured once, however many clients look at it,
 * and only while one does.
 */
@Component
final class Usages {
  private final Sandboxes sandboxes;
  private final Map<SandboxId, Meter> meters = new HashMap<>();

  Usages(Sandboxes sandboxes) {
    this.sandboxes = sandboxes;
  }

  /** Looks at a sandbox, from now on until the look is closed. */
  Look look(SandboxId id) {
    synchronized (meters) {
      Meter meter = meters.get(id);
      if (meter == null || meter.isOver()) {
        meter = new Meter(id);
        meters.put(id, meter);
        meter.start();
      }
      meter.looks++;
      return new Look(meter);
    }
  }

  /** Returns how many sandboxes are measured at the moment. */
  int measured() {
    synchronized (meters) {
      return meters.size();
    }
  }

  private void leave(Meter meter) {
    synchronized (meters) {
      if (--meter.looks == 0) {
        meters.remove(meter.id, meter);
        meter.end();
      }
    }
  }

  /** A look at a sandbox, by one client. */
  final class Look implements AutoCloseable {
    private final Meter meter;
    private long seen;
    private boolean closed;

    private Look(Meter meter) {
      this.meter = meter;
    }

    /**
     * Waits for the next sample; a slow reader misses some. Null when there will be no more.
     *
     * @throws RuntimeException the error that ended the measuring, if it did not end by itself
     */
    @Nullable Usage next() throws InterruptedException {
      Meter.Sample sample = meter.after(seen);
      if (sample == null) {
        return null;
      }
      seen = sample.number();
      return sample.usage();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        leave(meter);
      }
    }
  }

  /** The measuring of one sandbox, in a thread of its own. */
  private final class Meter {
    /** A sample, with its number in the measuring, from 1. */
    private record Sample(long number, Usage usage) {}

    private final SandboxId id;
    private @Nullable Sample latest;
    private @Nullable RuntimeException failure;
    private Usage.@Nullable Readings readings;
    private boolean over;

    /** The number of looks; guarded by all meters. */
    private int looks;

    private Meter(SandboxId id) {
      this.id = id;
    }

    private void start() {
      Thread.ofVirtual().name("usage-" + id).start(this::measure);
    }

    private void measure() {
      try (Usage.Readings opened = sandboxes.usage(id)) {
        if (begun(opened)) {
          for (Usage next = opened.next(); next != null; next = opened.next()) {
            took(next);
          }
        }
      } catch (RuntimeException e) {
        failed(e);
      } finally {
        finish();
      }
    }

    private synchronized boolean begun(Usage.Readings opened) {
      readings = opened;
      return !over;
    }

    private synchronized void took(Usage usage) {
      latest = new Sample(latest == null ? 1 : latest.number() + 1, usage);
      notifyAll();
    }

    private synchronized void failed(RuntimeException e) {
      failure = over ? null : e;
    }

    private synchronized void finish() {
      over = true;
      notifyAll();
    }

    private synchronized boolean isOver() {
      return over;
    }

    private synchronized @Nullable Sample after(long seen) throws InterruptedException {
      while (!over && (latest == null || latest.number() <= seen)) {
        wait();
      }
      if (latest != null && latest.number() > seen) {
        return latest;
      }
      if (failure != null) {
        throw failure;
      }
      return null;
    }

    /** Ends the measuring, which no client looks at any more. */
    private void end() {
      Usage.Readings opened;
      synchronized (this) {
        over = true;
        opened = readings;
        notifyAll();
      }
      if (opened != null) {
        opened.close();
      }
    }
  }
}
