package dev.caisson.access;

import dev.caisson.sandbox.Tunnel;
import dev.caisson.time.DueLoop;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The permissions of callers that hold a token and have no key. A grant is over when its time is,
 * when it is revoked, or with its sandbox; what is still open by it is cut then.
 */
@Component
public final class Grants implements SmartLifecycle {
  /**
   * The most grants of a sandbox: a client that takes one for each of its commands, without end, is
   * in error.
   */
  static final int MOST = 1000;

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final GrantRecords records;
  private final Clock clock;
  private final Map<String, Set<Use>> uses = new ConcurrentHashMap<>();
  private final DueLoop loop;

  Grants(GrantRecords records, Clock clock) {
    this.records = records;
    this.clock = clock;
    loop = new DueLoop("grants", LONGEST_PAUSE, clock);
  }

  /**
   * A new grant.
   *
   * @param token shown once: only its hash is kept
   * @param label the same secret in a form for host names
   */
  public record Issued(String id, String token, String label, Instant expiresAt) {
    @Override
    public String toString() {
      return "Issued[" + id + ", until " + expiresAt + "]";
    }
  }

  /**
   * Makes a grant; it is recorded when this returns.
   *
   * @param port with the scope of a port alone
   * @throws GrantException.TooMany if the sandbox has as many as it may have
   */
  public Issued issue(String sandbox, Grant.Scope scope, @Nullable Integer port, Duration life) {
    if (list(sandbox).size() >= MOST) {
      throw new GrantException.TooMany(sandbox, MOST);
    }
    Token token = Token.random();
    Grant grant = new Grant(token.id(), sandbox, scope, port, clock.instant().plus(life));
    try {
      records.add(new GrantRecords.Hashed(grant, token.hash()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the service is stopping", e);
    }
    loop.wake();
    return new Issued(grant.id(), token.secret(), token.label(), grant.expiresAt());
  }

  /** Returns the grant that this token gives now; null if there is none. */
  public @Nullable Grant find(String token) {
    Token shown = Token.parse(token).orElse(null);
    if (shown == null) {
      return null;
    }
    GrantRecords.Hashed known = records.find(shown.id());
    return known != null && shown.matches(known.hash()) && !isOver(known.grant())
        ? known.grant()
        : null;
  }

  /**
   * Returns the grant of this id, which has been shown by other means than its token; null if it is
   * over.
   */
  @Nullable Grant living(String id) {
    GrantRecords.Hashed known = records.find(id);
    return known == null || isOver(known.grant()) ? null : known.grant();
  }

  /** Lists the grants of a sandbox, the one that ends first first. */
  public List<Grant> list(String sandbox) {
    return records.list(sandbox).stream().filter(grant -> !isOver(grant)).toList();
  }

  /**
   * Ends a grant before its time, with what is open by it.
   *
   * @throws GrantException.NotFound if there is none
   */
  public void revoke(String sandbox, String id) {
    GrantRecords.Hashed known = records.find(id);
    if (known == null || !known.grant().sandbox().equals(sandbox) || isOver(known.grant())) {
      throw new GrantException.NotFound(sandbox, id);
    }
    records.remove(id);
    cut(id);
  }

  /**
   * Binds a tunnel to the grant by which it was dialled: cut when that is over; closed if that
   * cannot be.
   */
  public Tunnel bind(Tunnel tunnel, Grant grant) {
    try {
      return new GrantedTunnel(tunnel, use(grant, tunnel::close));
    } catch (RuntimeException e) {
      tunnel.close();
      throw e;
    }
  }

  /**
   * Registers something that was opened by a grant; the opener closes the use when it is over.
   *
   * @param cut ends it soon and returns; run from another thread, or at once if the grant is over
   */
  public Use use(Grant grant, Runnable cut) {
    Use use = new Use(grant.id(), cut);
    uses.compute(
        grant.id(),
        (_, known) -> {
          Set<Use> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(use);
          return all;
        });
    // It may have been revoked since it was found.
    if (isOver(grant) || records.find(grant.id()) == null) {
      cut(grant.id());
    }
    return use;
  }

  /** Something that is open by a grant. */
  public final class Use implements AutoCloseable {
    private final String grant;
    private final Runnable cut;

    private Use(String grant, Runnable cut) {
      this.grant = grant;
      this.cut = cut;
    }

    /** Ends the use. */
    @Override
    public void close() {
      uses.computeIfPresent(
          grant,
          (_, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }
  }

  private void cut(String grant) {
    Set<Use> open = uses.remove(grant);
    if (open != null) {
      open.forEach(use -> use.cut.run());
    }
  }

  private boolean isOver(Grant grant) {
    return !clock.instant().isBefore(grant.expiresAt());
  }

  @Override
  public void start() {
    loop.start(this::sweep);
  }

  /** Forgets the grants whose time is over, and returns when that of the next is. */
  private @Nullable Instant sweep() {
    for (Grant over : records.endingBy(clock.instant())) {
      records.remove(over.id());
      cut(over.id());
    }
    return records.firstEnd();
  }

  @Override
  public void stop() {
    loop.stop(Duration.ofSeconds(5));
  }

  @Override
  public boolean isRunning() {
    return loop.isRunning();
  }
}
