package dev.caisson.supervisor.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a slow watcher loses, and what it does not. */
class WatcherTest {

  @Test
  void hearsTheLatestOfTheDaemonFirst() throws Exception {
    Watcher watcher = new Watcher(daemon(DaemonStatus.State.STARTING));
    watcher.tell(process(1));
    watcher.tell(daemon(DaemonStatus.State.READY));

    assertThat(watcher.next()).containsExactly(daemon(DaemonStatus.State.READY), process(1));
  }

  @Test
  void hearsOfAStartAndItsEndAtOnce() throws Exception {
    Watcher watcher = new Watcher(daemon(DaemonStatus.State.READY));
    assertThat(watcher.next()).hasSize(1);
    watcher.tell(process(1));
    watcher.tell(process(1));

    assertThat(watcher.next()).containsExactly(process(1), process(1));
  }

  @Test
  void losesTheOldestProcessesWhenItIsTooSlow() throws Exception {
    Watcher watcher = new Watcher(daemon(DaemonStatus.State.READY));
    for (int pid = 1; pid <= Watcher.BOUND + 10; pid++) {
      watcher.tell(process(pid));
    }

    assertThat(watcher.next())
        .startsWith(daemon(DaemonStatus.State.READY), process(11))
        .endsWith(process(Watcher.BOUND + 10))
        .hasSize(Watcher.BOUND + 1);
  }

  private static DaemonStatus daemon(DaemonStatus.State state) {
    return DaemonStatus.untouched(state, true, 0);
  }

  private static ProcessInfo process(long pid) {
    return ProcessInfo.builder(pid, List.of("true")).build();
  }
}
