package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.journal.Journal;
import dev.caisson.supervisor.journal.Source;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The journal of a unit, which goes on as long as the sandbox. */
public record UnitSource(Journal journal) implements Source {

  @Override
  public Path directory() {
    return journal.directory();
  }

  @Override
  public long lastSeq() {
    return journal.lastSeq();
  }

  @Override
  public void awaitAfter(long seq) throws InterruptedException {
    journal.awaitAfter(seq);
  }

  @Override
  public boolean ended() {
    return false;
  }

  @Override
  public @Nullable ProcessInfo process() {
    return null;
  }
}
