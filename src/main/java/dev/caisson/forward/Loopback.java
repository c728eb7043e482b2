package dev.caisson.forward;

import dev.caisson.sandbox.SandboxId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;

/**
 * The loopback addresses for sandboxes: Linux has all of 127.0.0.0/8 there, so each can have one of
 * its own, on which every port number is free. A sandbox's is made from its id, and is the same
 * after a restart unless another has it.
 */
final class Loopback {
  /** The networks from 127.1.0.1 to 127.254.255.254; those below belong to the host. */
  private static final int NETWORKS = 254 * 256;

  private static final int HOSTS = 254;

  private final Map<Integer, SandboxId> taken = new HashMap<>();

  /** Takes an address for a sandbox, until it is given back. */
  synchronized InetAddress take(SandboxId sandbox) {
    int all = NETWORKS * HOSTS;
    int number = Math.floorMod(sandbox.value().hashCode() * 0x9E3779B1, all);
    while (taken.containsKey(number) && !sandbox.equals(taken.get(number))) {
      number = (number + 1) % all;
    }
    taken.put(number, sandbox);
    int network = number / HOSTS;
    try {
      return InetAddress.getByAddress(
          new byte[] {
            127, (byte) (1 + network / 256), (byte) (network % 256), (byte) (1 + number % HOSTS)
          });
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  synchronized void giveBack(SandboxId sandbox) {
    taken.values().removeIf(sandbox::equals);
  }
}
