package dev.caisson.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.sandbox.EndReason;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a sandbox may leave in its keeper's inbox, and what the service may. */
class InboxTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final ReconcilerEvent END =
      new ReconcilerEvent.End(EndReason.TERMINATED, null, Duration.ZERO);

  private final Inbox inbox = new Inbox();

  @Test
  void howeverOftenADaemonMovesTheNewestIsKeptAndFewBeforeIt() throws Exception {
    for (int i = 1; i <= 100_000; i++) {
      inbox.push(status(i));
    }
    List<ReconcilerEvent> kept = drain();
    assertThat(kept).hasSizeLessThan(20);
    assertThat(kept.getLast()).isEqualTo(new ReconcilerEvent.Daemon(status(100_000)));
  }

  @Test
  void whoeverBringsTooManyProcessesWaitsAndNoneIsLost() throws Exception {
    AtomicInteger brought = new AtomicInteger();
    Thread supervisor =
        Thread.ofPlatform()
            .start(() -> {
              try {
                for (int pid = 1; pid <= 1000; pid++) {
                  inbox.push(process(pid, "true"));
                  brought.set(pid);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    awaitWaiting(supervisor);
    assertThat(brought).hasValue(100);
    inbox.add(END);
    assertThat(inbox.hasEnd()).isTrue();

    List<Long> pids = new ArrayList<>();
    boolean ended = false;
    while (pids.size() < 1000) {
      ReconcilerEvent mark = inbox.poll(SOON);
      ended |= END.equals(mark);
      if (mark instanceof ReconcilerEvent.Moved(ProcessInfo process)) {
        pids.add(process.pid());
      }
    }
    assertThat(pids).isSorted().doesNotHaveDuplicates();
    assertThat(ended).as("an end is among them").isTrue();
    assertThat(supervisor.join(SOON)).isTrue();
  }

  @Test
  void processesAreBoundedByWhatTheyWeighToo() throws Exception {
    String word = "x".repeat(300_000);
    CountDownLatch first = new CountDownLatch(1);
    AtomicInteger brought = new AtomicInteger();
    Thread supervisor =
        Thread.ofPlatform()
            .start(() -> {
              try {
                for (int pid = 1; pid <= 10; pid++) {
                  inbox.push(process(pid, word));
                  brought.set(pid);
                  first.countDown();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    first.await();
    awaitWaiting(supervisor);
    assertThat(brought).hasValue(1);
    // From here on nothing of it counts, and nobody waits to say it.
    inbox.ignoreSupervisor();
    assertThat(supervisor.join(SOON)).isTrue();
    inbox.add(END);
    assertThat(drain()).containsExactly(END);
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(thread.isAlive()).isTrue();
      Thread.onSpinWait();
    }
  }

  private List<ReconcilerEvent> drain() throws InterruptedException {
    List<ReconcilerEvent> all = new ArrayList<>();
    for (ReconcilerEvent mark = inbox.poll(Duration.ZERO);
        mark != null;
        mark = inbox.poll(Duration.ZERO)) {
      all.add(mark);
    }
    return all;
  }

  private static DaemonStatus status(int pid) {
    return DaemonStatus.builder(DaemonStatus.State.READY, true, pid).pid(pid).build();
  }

  static ProcessInfo process(long pid, String word) {
    return ProcessInfo.builder(pid, List.of(word))
        .user("0:0")
        .background(true)
        .startedAt(pid)
        .build();
  }
}
