package dev.caisson.ports;

import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.sandbox.Tunnel;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** The ports of all sandboxes. */
@Component
public class Ports {
  /**
   * The longest time to connect in the sandbox's own network, which answers at once or not at all.
   */
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final Sandboxes sandboxes;
  private final PublicPorts open;
  private final InnerContainers containers;

  Ports(Sandboxes sandboxes, PublicPorts open, InnerContainers containers) {
    this.sandboxes = sandboxes;
    this.open = open;
    this.containers = containers;
  }

  /**
   * Lists the listeners by port, and the public ports without one.
   *
   * @throws SandboxException.NotReady if the sandbox is not ready
   */
  public List<Listening> list(SandboxId id) {
    Sandbox sandbox = ready(id);
    Supervisor supervisor = sandboxes.supervisor(id);
    List<Listening> found = new ArrayList<>();
    InnerContainers.View inner =
        sandbox.daemon().state() == DaemonStatus.State.DISABLED
            ? InnerContainers.View.NONE
            : containers.of(supervisor);
    for (Answer.Listener listener : supervisor.ask(new Request.ListListeners()).listeners()) {
      Listening.add(found, Listening.of(listener, inner));
    }
    inner.published().forEach(published -> Listening.add(found, published));
    for (int number : open.of(id)) {
      if (found.stream().noneMatch(each -> each.is("tcp", number))) {
        found.add(Listening.nobody(number));
      }
    }
    found.sort(Listening.ORDER);
    return found;
  }

  /** Returns whether a port is open to everybody. */
  public boolean isPublic(Port port) {
    return open.of(port.sandbox()).contains(port.number());
  }

  /**
   * Opens a port to everybody, or closes it again.
   *
   * @throws SandboxException.NotReady if the sandbox is not ready
   */
  public void setPublic(Port port, boolean everybody) {
    Sandbox _ = ready(port.sandbox());
    open.set(port, everybody);
  }

  /**
   * Connects to the listener on a port.
   *
   * @throws PortsException.Closed if nothing listens there
   * @throws SandboxException.NotReady if the sandbox is not ready
   */
  public Tunnel dial(Port port) {
    Sandbox _ = ready(port.sandbox());
    try {
      return sandboxes
          .supervisor(port.sandbox())
          .dial(Request.Dial.port(port.number(), CONNECT.toMillis()));
    } catch (SupervisorException.Refused e) {
      throw new PortsException.Closed(port, String.valueOf(e.getMessage()));
    }
  }

  /** Notes that the sandbox is in use, by traffic through a port. */
  void touch(Port port) {
    sandboxes.touch(port.sandbox());
  }

  /** Returns a sandbox, if it is ready. */
  Sandbox ready(SandboxId id) {
    Sandbox sandbox = sandboxes.get(id);
    if (sandbox.state() != SandboxState.READY) {
      throw new SandboxException.NotReady(id, sandbox.state());
    }
    return sandbox;
  }
}
