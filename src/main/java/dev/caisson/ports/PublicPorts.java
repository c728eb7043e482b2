package dev.caisson.ports;

import dev.caisson.sandbox.SandboxId;
import java.util.Set;

/** The ports that are open to everybody; kept as long as the record of their sandbox. */
public interface PublicPorts {

  /** Returns the public ports of a sandbox. */
  Set<Integer> of(SandboxId sandbox);

  /** Opens a port to everybody, or closes it again; the change is recorded when this returns. */
  void set(Port port, boolean open);
}
