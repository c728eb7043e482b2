package dev.caisson.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What outlives containers: which sandboxes there were, what became of them and of their output.
 */
public interface History {

  /**
   * What is kept of a sandbox; environment values are not.
   *
   * @param container the engine's id of its container, once it was made
   */
  record Kept(Sandbox sandbox, @Nullable String container) {}

  /** An idempotency key and what it is used for. */
  record Use(String key, String fingerprint) {}

  /** The sandbox that was created under a key. */
  record Keyed(SandboxId id, String fingerprint) {}

  /** The id of this state directory, made once: which sandboxes on the engine are its own. */
  String instance();

  /**
   * Before anything else is asked of it.
   *
   * @throws IllegalStateException if it is another state directory's
   */
  void open();

  /** From here on forgets what has been kept for long enough, and tells of each that it forgot. */
  void sweep(Consumer<Sandbox> forgotten);

  /** A sandbox has ended: what is due, and how much there is, may be another. */
  void ended();

  /** Nothing more will happen: ends the sweeping, and whoever waits for events. */
  void close();

  /**
   * Records a sandbox before anything of it is made, or one that was a spare before anybody knows
   * of it.
   *
   * @param container the engine's id of it, where it is there
   * @return the sandbox that has this key already, or null: it was recorded
   * @throws SandboxException.RecordsAway if that is not possible in time
   */
  @Nullable Keyed begin(Sandbox sandbox, @Nullable String container, @Nullable Use use)
      throws InterruptedException;

  /** What its one writer writes down about a sandbox; there is one for each writer. */
  SandboxHistory logbook(SandboxId id);

  /** The sandbox that was created under this key, while it is kept. */
  Optional<Keyed> keyed(String key);

  /** Takes this key from this sandbox: the next request under it makes another one. */
  void release(String key, SandboxId id);

  /** Those that have not ended, for a service that starts. */
  List<Kept> running();

  /** One of them, ended or not. */
  Optional<Kept> find(SandboxId id);

  /** Those after this one, newest first; from the newest if there is none of that id. */
  List<Kept> page(@Nullable SandboxState state, @Nullable SandboxId after, int limit);

  /** How many there are in each state. */
  Map<SandboxState, Long> counts();

  /** Where the archived processes of a sandbox are, if there are any. */
  Path archived(SandboxId id);

  /** The processes of a sandbox that is over: what ran then has ended with it, in its way. */
  KnownProcesses processes(Sandbox sandbox);
}
