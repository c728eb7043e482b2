package dev.caisson.process;

import dev.caisson.sandbox.SandboxId;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The writers of all processes: one client at a time gives input, until another takes over. */
@Component
final class Writers {
  private final Map<Place, Attachment> seated = new HashMap<>();

  /** A process, which has one writer at most. */
  record Place(SandboxId sandbox, long pid) {}

  /**
   * Makes this client the writer if there is none, or with {@code inPlace} in place of the present
   * one; returns whether it is the writer now.
   */
  boolean sit(Attachment attachment, boolean inPlace) {
    Attachment before;
    synchronized (this) {
      before = seated.get(attachment.place());
      if (before == attachment) {
        return true;
      }
      if (before != null && !inPlace) {
        return false;
      }
      seated.put(attachment.place(), attachment);
    }
    if (before != null) {
      // When this returns, nothing of its input is on the way any more.
      before.unseated();
    }
    return true;
  }

  /** Frees the place for the next client that asks. */
  synchronized void leave(Attachment attachment) {
    seated.remove(attachment.place(), attachment);
  }
}
