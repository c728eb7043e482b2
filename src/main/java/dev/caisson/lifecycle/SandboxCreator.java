package dev.caisson.lifecycle;

import dev.caisson.sandbox.Admission;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.PooledSandbox;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Startup;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The creation of sandboxes: from a pool, or cold, and once for each idempotency key. */
@Component
final class SandboxCreator {
  private static final Logger log = LoggerFactory.getLogger(SandboxCreator.class);

  private final HostAdmission admissions;
  private final PoolClaims claims;
  private final Engine engine;
  private final History history;
  private final SandboxReconcilers keepers;
  private final ColdStarts starts;
  private final Clock clock;

  SandboxCreator(
      HostAdmission admissions,
      PoolClaims claims,
      Engine engine,
      History history,
      SandboxReconcilers keepers,
      ColdStarts starts,
      Clock clock) {
    this.admissions = admissions;
    this.claims = claims;
    this.engine = engine;
    this.history = history;
    this.keepers = keepers;
    this.starts = starts;
    this.clock = clock;
  }

  /**
   * Begins a sandbox, unless there is one of this key already, which is returned then.
   *
   * @param isolation that is asked for, null for the best there is
   * @param caller by whom turns at the engine are shared out
   * @param use the key and the request's fingerprint, null for no key
   * @throws SandboxException.KeyReused if that one was made by another request
   * @throws SandboxException.Unsupported if this host cannot do what was asked for
   * @throws SandboxException.HostDiskFull if there is no room for one more
   * @throws SandboxException.TooManyStarts if it is not pooled, and too many others are started
   * @throws SandboxException.RecordsAway if it cannot be recorded
   * @throws EngineException.RegistryNotAllowed if its image would come from where none may
   * @throws EngineException if the engine does not answer
   */
  Created create(
      SandboxSpec asked, @Nullable Isolation isolation, String caller, History.@Nullable Use use)
      throws InterruptedException {
    Optional<History.Keyed> known = use == null ? Optional.empty() : history.keyed(use.key());
    if (use != null && known.isPresent() && !isBrokenOff(known.get(), use)) {
      return replayed(known.get(), use);
    }
    Admission admission = admissions.admit(asked, isolation);
    Instant now = clock.instant();
    ColdStarts.Place place = starts.arrive(caller);
    boolean begun = false;
    try {
      Created created =
          switch (claims.claim(admission)) {
            case PoolClaims.Claimed claimed -> claimed(admission, now, claimed, use);
            case PoolClaims.Missed missed -> cold(admission, now, missed.why(), place, use);
          };
      begun = !created.replayed() && created.sandbox().state() == SandboxState.STARTING;
      return created;
    } finally {
      if (!begun) {
        place.close();
      }
    }
  }

  /** Makes a sandbox that a pool had ready the caller's. */
  private Created claimed(
      Admission admission, Instant now, PoolClaims.Claimed claimed, History.@Nullable Use use)
      throws InterruptedException {
    PooledSandbox spare = claimed.spare();
    Sandbox sandbox =
        Sandbox.starting(spare.id(), admission, now, claimed.daemon())
            .ready(clock.instant(), spare.image().digest(), claimed.startup());
    SandboxReconciler keeper = keepers.keep(sandbox, spare.container());
    claims.kept(spare);
    Created replayed;
    try {
      replayed = record(sandbox, spare.container(), use);
    } catch (RuntimeException | InterruptedException e) {
      claims.remove(spare);
      throw e;
    }
    if (replayed != null) {
      claims.remove(spare);
      return replayed;
    }
    claims.recorded(spare);
    keeper.begin(spare.supervisor());
    return new Created(sandbox, false);
  }

  /**
   * Begins a sandbox of which nothing is there yet.
   *
   * @param whyNotPooled see {@link Startup}
   */
  private Created cold(
      Admission admission,
      Instant now,
      @Nullable String whyNotPooled,
      ColdStarts.Place place,
      History.@Nullable Use use)
      throws InterruptedException {
    SandboxSpec spec = admission.spec();
    engine.admitImage(spec.image());
    place.reserve();
    SandboxId id = engine.id(spec, admission.isolation());
    Sandbox sandbox = Sandbox.starting(id, admission, now, Sandboxes.unheard(spec.docker(), now));
    SandboxReconciler keeper = keepers.keep(sandbox, null);
    Created replayed;
    try {
      replayed = record(sandbox, null, use);
    } catch (RuntimeException | InterruptedException e) {
      giveBack(id);
      throw e;
    }
    if (replayed != null) {
      giveBack(id);
      return replayed;
    }
    keeper.begin(whyNotPooled, place);
    return new Created(sandbox, false);
  }

  /** Gives back an id that no sandbox got, with what the engine had ready for it. */
  private void giveBack(SandboxId id) {
    Thread.startVirtualThread(() -> {
      try {
        engine.removeState(id);
      } catch (EngineException e) {
        log.info("what was ready for {} stays until the next start: {}", id, e.getMessage());
      }
    });
  }

  /**
   * Records a sandbox whose keeper is there already, since a caller that finds the record looks for
   * the keeper. Drops the keeper if it fails, or if another request of the same key came first,
   * whose sandbox is returned then; else returns null.
   */
  private @Nullable Created record(
      Sandbox sandbox, @Nullable String container, History.@Nullable Use use)
      throws InterruptedException {
    History.Keyed first;
    try {
      first = history.begin(sandbox, container, use);
    } catch (RuntimeException | InterruptedException e) {
      keepers.drop(sandbox.id());
      throw e;
    }
    if (first == null || use == null) {
      return null;
    }
    keepers.drop(sandbox.id());
    return replayed(first, use);
  }

  /**
   * The outcome of a create.
   *
   * @param replayed whether an earlier request has made it
   */
  record Created(Sandbox sandbox, boolean replayed) {}

  /**
   * Returns whether a restart of the service broke off what was begun under this key, of which
   * nothing is left, and then frees the key, since the repeated request wants what the first did
   * not get.
   */
  private boolean isBrokenOff(History.Keyed known, History.Use use) {
    if (!known.fingerprint().equals(use.fingerprint())
        || !StartupRecovery.isBrokenOff(keepers.get(known.id()))) {
      return false;
    }
    history.release(use.key(), known.id());
    return true;
  }

  private Created replayed(History.Keyed known, History.Use use) {
    if (!known.fingerprint().equals(use.fingerprint())) {
      throw new SandboxException.KeyReused(known.id());
    }
    return new Created(keepers.get(known.id()), true);
  }
}
