package dev.caisson.ports;

import dev.caisson.sandbox.SandboxId;
import java.util.Set;

/** Which ports anybody may reach; kept as long as the record of their sandbox. */
public interface PublicPorts {

  /** Those of a sandbox. */
  Set<Integer> of(SandboxId sandbox);

  /** Opens a port to everybody, or not any more; it is recorded when this returns. */
  void set(Port port, boolean open);
}
