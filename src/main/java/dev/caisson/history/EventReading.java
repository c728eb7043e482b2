package dev.caisson.history;

import dev.caisson.streams.EventStream;
import java.io.IOException;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** One reader's way through the event log, at the pace of its client. */
final class EventReading {
  private final EventLog log;
  private final EventLog.Wanted wanted;
  private final Instant since;
  private final BooleanSupplier over;

  /**
   * Creates a reading of what is wanted.
   *
   * @param since before this nothing can have happened that is wanted
   * @param over whether nothing more can happen than what is in the log already
   */
  EventReading(EventLog log, EventLog.Wanted wanted, Instant since, BooleanSupplier over) {
    this.log = log;
    this.wanted = wanted;
    this.since = since;
    this.over = over;
  }

  /** Sends the events after this one until there will be no more, or it is interrupted. */
  void read(long after, EventStream stream) throws IOException, InterruptedException {
    long seq = after;
    boolean more = true;
    while (more) {
      boolean last = over.getAsBoolean();
      EventLog.Piece piece = log.after(seq, wanted, since);
      EventData.Gap gap = piece.gap();
      if (gap != null) {
        stream.send(Long.toString(gap.to()), gap.type(), gap);
      }
      for (SandboxEvent event : piece.events()) {
        stream.send(Long.toString(event.seq()), event.type(), event);
      }
      // A client may come from a log that is longer than this one: it is not made to wait for that.
      seq = Math.min(Math.max(seq, piece.upTo()), log.last());
      more = over.getAsBoolean() ? !last || !piece.events().isEmpty() : log.await(seq);
    }
  }
}
