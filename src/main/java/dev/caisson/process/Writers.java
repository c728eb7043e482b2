package dev.caisson.process;

import dev.caisson.sandbox.SandboxId;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Who gives input to which process: one client at a time, until another takes over. */
@Component
final class Writers {
  private final Map<Place, Attachment> seated = new HashMap<>();

  /** What there is one writer of. */
  record Place(SandboxId sandbox, long pid) {}

  /**
   * Makes this one the writer if there is none, or {@code inPlace} of who is: whether it is now.
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

  /** Leaves the place to whoever asks next. */
  synchronized void leave(Attachment attachment) {
    seated.remove(attachment.place(), attachment);
  }
}
