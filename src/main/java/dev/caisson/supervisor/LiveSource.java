package dev.caisson.supervisor;

import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.StreamName;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A process in the supervisor's memory: it runs, or a descendant still holds its pipes.
 *
 * @param started what was known of it at its start
 */
record LiveSource(Child child, ProcessInfo started) implements Source {

  @Override
  public Path directory() {
    return child.journal().directory();
  }

  @Override
  public long lastSeq() {
    return child.journal().lastSeq();
  }

  @Override
  public void awaitAfter(long seq) throws InterruptedException {
    child.journal().awaitAfter(seq);
  }

  @Override
  public boolean ended() {
    return child.exit() != null;
  }

  @Override
  public ProcessInfo process() {
    return with(child.exit());
  }

  ProcessInfo with(ProcessInfo.@Nullable Exit exit) {
    return started.with(
        exit, child.journal().volume(StreamName.STDOUT), child.journal().volume(StreamName.STDERR));
  }
}
