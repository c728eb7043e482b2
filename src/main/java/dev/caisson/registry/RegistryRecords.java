package dev.caisson.registry;

import dev.caisson.sandbox.SandboxException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The records of sealed credentials; what keeps them cannot open them. */
public interface RegistryRecords {

  /** Returns all sealed credentials, by registry. */
  Map<String, String> all();

  /**
   * Writes a sealed credential in the place of another, and returns when that is committed.
   *
   * @param sealed null to forget it
   * @param before what it replaces, and what is put back if it cannot be written in time
   * @throws SandboxException.RecordsAway if it was not
   */
  void replace(String registry, @Nullable String sealed, @Nullable String before)
      throws InterruptedException;
}
