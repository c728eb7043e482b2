package dev.caisson.proxy;

import dev.caisson.sandbox.SandboxId;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The exchanges that are under way, so that no sandbox that does not answer, and no crowd of
 * guests, takes every connection that the service has.
 */
@Component
final class Exchanges {
  /** The most exchanges at once with one sandbox. */
  static final int PER_SANDBOX = 256;

  /** The most exchanges at once with one sandbox, of callers that came without the key. */
  static final int GUESTS_PER_SANDBOX = 64;

  private final Map<SandboxId, int[]> all = new HashMap<>();
  private final int mostGuests;
  private int guests;

  /**
   * Creates a count that begins at none.
   *
   * @param connections how many the service takes; a tenth is kept for callers with a key
   */
  Exchanges(@Value("${server.tomcat.max-connections:8192}") int connections) {
    this.mostGuests = connections - connections / 10;
  }

  /** An exchange that is counted until it is closed. */
  interface Slot extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Counts one more exchange.
   *
   * @throws ProxyException.TooMany if there are as many as there may be
   */
  synchronized Slot begin(Terms terms) {
    int[] counts = all.computeIfAbsent(terms.sandbox(), _ -> new int[2]);
    int guest = terms.guest() ? 1 : 0;
    if (counts[0] >= PER_SANDBOX
        || (guest == 1 && (counts[1] >= GUESTS_PER_SANDBOX || guests >= mostGuests))) {
      throw new ProxyException.TooMany(terms.sandbox());
    }
    counts[0]++;
    counts[1] += guest;
    guests += guest;
    return new Counted(terms.sandbox(), guest);
  }

  private synchronized void end(SandboxId sandbox, int guest) {
    int[] counts = all.get(sandbox);
    if (counts == null) {
      throw new IllegalStateException("an exchange ended that was not counted");
    }
    counts[0]--;
    counts[1] -= guest;
    guests -= guest;
    if (counts[0] == 0) {
      all.remove(sandbox);
    }
  }

  /** A slot that is counted once, however often it is closed. */
  private final class Counted implements Slot {
    private final SandboxId sandbox;
    private final int guest;
    private boolean over;

    Counted(SandboxId sandbox, int guest) {
      this.sandbox = sandbox;
      this.guest = guest;
    }

    @Override
    public void close() {
      synchronized (Exchanges.this) {
        if (!over) {
          over = true;
          end(sandbox, guest);
        }
      }
    }
  }
}
