package dev.caisson.supervisor;

import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run is answered with first: that it has started. It is held back for a moment, so that of
 * a run that is over soon all is said in one write, which wakes the service once.
 */
final class Opening {
  private final Peer peer;
  private final ProcessInfo started;
  private boolean sent;

  Opening(Peer peer, ProcessInfo started) {
    this.peer = peer;
    this.started = started;
  }

  /** Says so now, if it was not said yet. */
  synchronized void send() {
    try {
      send(List.of());
    } catch (Peer.GoneException e) {
      Log.debug("nobody waits for a start any more");
    }
  }

  /** Says this, after the start. */
  synchronized void send(List<? extends Message> rest) throws Peer.GoneException {
    List<Message> all = new ArrayList<>();
    if (!sent) {
      sent = true;
      all.add(started);
    }
    all.addAll(rest);
    if (!all.isEmpty()) {
      peer.send(all);
    }
  }
}
