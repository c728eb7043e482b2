package dev.caisson.history;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.streams.EventStream;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that one event stream watches: a connection to the supervisor for each path. */
final class FileWatches implements AutoCloseable {
  static final FileWatches NONE = new FileWatches();

  private static final Logger log = LoggerFactory.getLogger(FileWatches.class);

  private final List<Answers<Answer.Changed>> watches = new ArrayList<>();
  private final List<Answer.Changed> first = new ArrayList<>();

  private FileWatches() {}

  /**
   * Begins to watch; all are in force when this returns.
   *
   * @throws SupervisorException.Refused if one cannot be watched
   */
  static FileWatches open(Supervisor supervisor, List<String> paths, boolean recursive) {
    FileWatches all = new FileWatches();
    try {
      for (String path : paths) {
        Answers<Answer.Changed> watch =
            supervisor.open(new FileRequest.WatchFiles(path, recursive));
        all.watches.add(watch);
        Answer.Changed begun = watch.next();
        if (begun != null) {
          all.first.add(begun);
        }
      }
      return all;
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  /** Sends what the watches see, each from a thread of its own, until they are closed. */
  void tell(EventStream stream) throws IOException {
    for (Answer.Changed begun : first) {
      send(stream, begun);
    }
    for (Answers<Answer.Changed> watch : watches) {
      Thread.ofVirtual().name("watch-files").start(() -> tell(stream, watch));
    }
  }

  private static void tell(EventStream stream, Answers<Answer.Changed> watch) {
    try {
      for (Answer.Changed changed = watch.next(); changed != null; changed = watch.next()) {
        send(stream, changed);
      }
    } catch (SupervisorException | IOException e) {
      // The sandbox ends, or the stream was closed; the stream itself says so.
      log.atDebug().addKeyValue("error", e.getMessage()).log("file watch ended");
    }
  }

  private static void send(EventStream stream, Answer.Changed changed) throws IOException {
    EventData.FileChanged event = EventData.FileChanged.from(changed);
    stream.send(null, event.type(), event);
  }

  @Override
  public void close() {
    watches.forEach(Answers::close);
  }
}
