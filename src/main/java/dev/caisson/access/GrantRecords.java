package dev.caisson.access;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records by which grants outlive the service. They are forgotten when the end of their sandbox
 * is recorded. Each method throws if what is recorded is out of reach.
 */
public interface GrantRecords {

  /**
   * A grant, and how its token is known.
   *
   * @param hash SHA-256 of the token, in hexadecimal
   */
  record Hashed(Grant grant, String hash) {}

  /** Records a grant, and returns when that is done. */
  void add(Hashed grant) throws InterruptedException;

  /** Finds the grant of this id, expired or not. */
  @Nullable Hashed find(String id);

  /** Lists the grants of a sandbox, the one that ends first first. */
  List<Grant> list(String sandbox);

  /** Lists the grants that end at this time or before. */
  List<Grant> endingBy(Instant time);

  /** Returns when the first of all grants ends; null where there is none. */
  @Nullable Instant firstEnd();

  /** Forgets a grant; returns when that is recorded. */
  void remove(String id);
}
