package dev.caisson.access;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where grants outlive the service. They are forgotten with the end of their sandbox, by whoever
 * records that. Each method throws if what is recorded is out of reach.
 */
public interface GrantRecords {

  /**
   * A grant, and how its token is known.
   *
   * @param hash SHA-256 of the token, in hexadecimal
   */
  record Hashed(Grant grant, String hash) {}

  /** Returns when it is recorded. */
  void add(Hashed grant) throws InterruptedException;

  /** The grant of this id, expired or not. */
  @Nullable Hashed find(String id);

  /** Those of a sandbox, the one that ends first first. */
  List<Grant> list(String sandbox);

  /** Those that end at this time or before. */
  List<Grant> endingBy(Instant time);

  /** When the first of all ends; null where there is none. */
  @Nullable Instant firstEnd();

  /** Forgets one; returns when that is recorded. */
  void remove(String id);
}
