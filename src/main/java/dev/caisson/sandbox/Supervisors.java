package dev.caisson.sandbox;

import java.nio.file.Path;
import java.time.Duration;

/** The way to the supervisors: one for each sandbox that runs. */
public interface Supervisors {

  /**
   * Makes what the engine will mount into a sandbox so that its supervisor can be reached.
   *
   * @param owner the uid of the sandbox's root on the host
   * @return the directory to be mounted
   */
  Path prepare(SandboxId sandbox, long owner);

  /**
   * Waits for the supervisor to say hello.
   *
   * @throws SupervisorException.Lost if it has not within the deadline
   * @throws SupervisorException.Untrusted if what greets is not the supervisor of this sandbox
   */
  Supervisor connect(SandboxId sandbox, Duration deadline);

  /**
   * Creates a supervisor that answers reads about a sandbox that has ended.
   *
   * @param processes the directory with what was archived of its processes, if there is one
   * @param known what was heard of those that are not in it
   */
  Supervisor archived(SandboxId sandbox, Path processes, KnownProcesses known);

  /** Removes what {@link #prepare} made. */
  void forget(SandboxId sandbox);
}
