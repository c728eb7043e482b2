package dev.caisson.lifecycle;

import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why the latest failed starts failed, as it was thrown: a request that is repeated is answered as
 * the first was. An older one, or one of a service before, is told from its record.
 */
final class Failures {
  private static final int MOST = 1000;

  private final Map<SandboxId, RuntimeException> latest = new LinkedHashMap<>();

  synchronized void keep(SandboxId id, @Nullable RuntimeException failure) {
    if (failure == null) {
      return;
    }
    latest.put(id, failure);
    if (latest.size() > MOST) {
      latest.remove(latest.keySet().iterator().next());
    }
  }

  synchronized void forget(SandboxId id) {
    latest.remove(id);
  }

  /** Null if it was up. */
  synchronized @Nullable RuntimeException of(Sandbox sandbox) {
    RuntimeException known = latest.get(sandbox.id());
    if (known != null || sandbox.reason() != EndReason.START_FAILED) {
      return known;
    }
    return new SandboxException.StartFailed(
        sandbox.id(), "START_FAILED", "It could not be started: " + sandbox.life().detail(), null);
  }
}
