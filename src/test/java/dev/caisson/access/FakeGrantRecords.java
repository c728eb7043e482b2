package dev.caisson.access;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Records in memory. */
public final class FakeGrantRecords implements GrantRecords {
  final Map<String, Hashed> all = new ConcurrentHashMap<>();

  /** Grants that are recorded here. */
  public static Grants grants(Clock clock) {
    return new Grants(new FakeGrantRecords(), clock);
  }

  @Override
  public void add(Hashed grant) {
    all.put(grant.grant().id(), grant);
  }

  @Override
  public @Nullable Hashed find(String id) {
    return all.get(id);
  }

  @Override
  public List<Grant> list(String sandbox) {
    return sorted().filter(grant -> grant.sandbox().equals(sandbox)).toList();
  }

  @Override
  public List<Grant> endingBy(Instant time) {
    return sorted().filter(grant -> !grant.expiresAt().isAfter(time)).toList();
  }

  @Override
  public @Nullable Instant firstEnd() {
    return sorted().map(Grant::expiresAt).findFirst().orElse(null);
  }

  private Stream<Grant> sorted() {
    return all.values().stream().map(Hashed::grant).sorted(Comparator.comparing(Grant::expiresAt));
  }

  @Override
  public void remove(String id) {
    all.remove(id);
  }
}
