package dev.caisson.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The records that outlive containers: which sandboxes there were, what became of them and of their
 * output.
 */
public interface History {

  /**
   * The kept part of a sandbox, without the values of its environment.
   *
   * @param container the engine's id of its container, once it was made
   */
  record Kept(Sandbox sandbox, @Nullable String container) {}

  /** An idempotency key and the fingerprint of the request that it is used for. */
  record Use(String key, String fingerprint) {}

  /** The id of the sandbox that was created under a key, and its request's fingerprint. */
  record Keyed(SandboxId id, String fingerprint) {}

  /**
   * Returns the id of this state directory, made once, which tells the sandboxes on the engine that
   * are its own.
   */
  String instance();

  /**
   * Opens the history, before anything else is asked of it.
   *
   * @throws IllegalStateException if it belongs to another state directory
   */
  void open();

  /**
   * Begins to forget what has been kept for long enough.
   *
   * @param forgotten receives each sandbox that is forgotten
   */
  void sweep(Consumer<Sandbox> forgotten);

  /**
   * Wakes the sweep after a sandbox has ended: what is due, and how much there is, may have
   * changed.
   */
  void ended();

  /** Ends the sweep and all waits for events: nothing more will happen. */
  void close();

  /**
   * Records a sandbox before anything of it is made, or one that was a spare before any caller
   * knows of it.
   *
   * @param container the engine's id of it, where it is there
   * @return the sandbox that has this key already, or null: it was recorded
   * @throws SandboxException.RecordsAway if that is not possible in time
   */
  @Nullable Keyed begin(Sandbox sandbox, @Nullable String container, @Nullable Use use)
      throws InterruptedException;

  /** Returns the log that a sandbox's one writer keeps of it; there is one for each writer. */
  SandboxHistory logbook(SandboxId id);

  /** Returns the sandbox that was created under this key, while it is kept. */
  Optional<Keyed> keyed(String key);

  /** Takes this key from this sandbox: the next request under it makes another one. */
  void release(String key, SandboxId id);

  /** Returns the sandboxes that have not ended, for a service that starts. */
  List<Kept> running();

  /** Returns a sandbox, ended or not. */
  Optional<Kept> find(SandboxId id);

  /**
   * Returns a page of sandboxes after this one, newest first; from the newest if there is none of
   * that id.
   */
  List<Kept> page(@Nullable SandboxState state, @Nullable SandboxId after, int limit);

  /** Returns how many sandboxes there are in each state. */
  Map<SandboxState, Long> counts();

  /** Returns the directory of a sandbox's archived processes, if there are any. */
  Path archived(SandboxId id);

  /**
   * Returns the processes of a sandbox that is over: what ran then has ended with it, in its way.
   */
  KnownProcesses processes(Sandbox sandbox);
}
