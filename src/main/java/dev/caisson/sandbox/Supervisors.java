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
   */
  Supervisor connect(SandboxId sandbox, Duration deadline);

  /** One that answers reads from the archived processes of a sandbox that has ended. */
  Supervisor archived(SandboxId sandbox, Path processes);

  /** Removes what {@link #prepare} made. */
  void forget(SandboxId sandbox);

  /** How many connections to supervisors are open. */
  int connections();
}
