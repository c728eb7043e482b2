package dev.caisson.lifecycle;

import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxErrorCode;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The exceptions of the latest failed starts, as they were thrown, so that a repeated request is
 * answered as the first was. The failure of an older start, or of one of an earlier run of the
 * service, is made from its record.
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

  /** Returns why the sandbox could not start; null if it was up. */
  synchronized @Nullable RuntimeException of(Sandbox sandbox) {
    RuntimeException known = latest.get(sandbox.id());
    if (known != null || sandbox.reason() != EndReason.START_FAILED) {
      return known;
    }
    return new SandboxException.StartFailed(
        sandbox.id(),
        SandboxErrorCode.START_FAILED,
        "The sandbox could not be started: " + sandbox.life().detail(),
        null);
  }
}
