package dev.caisson.supervisor.journal;

import dev.caisson.supervisor.wire.ProcessInfo;
import java.nio.file.Path;

/** A process that is over: all there is of it is on disk. */
public record RecordedProcess(Path directory, ProcessInfo process) implements Source {

  @Override
  public long lastSeq() {
    return Long.MAX_VALUE;
  }

  @Override
  public void awaitAfter(long seq) {
    // Nothing comes any more.
  }

  @Override
  public boolean ended() {
    return true;
  }
}
