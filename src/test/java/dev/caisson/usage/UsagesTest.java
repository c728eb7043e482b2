package dev.caisson.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.lifecycle.FakeSandboxes;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Usage;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What sandboxes use is measured once for all who look, and for nobody when nobody looks. */
class UsagesTest {
  private final FakeSandboxes sandboxes = new FakeSandboxes();
  private final Usages usages = new Usages(sandboxes);
  private final SandboxId id = SandboxId.random();
  private final AtomicInteger opened = new AtomicInteger();
  private final Samples samples = new Samples();

  /** Samples that a test hands out. */
  private static final class Samples implements Usage.Readings {
    private final BlockingQueue<Optional<Usage>> all = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable RuntimeException failure;

    void add(long tasks) {
      all.add(Optional.of(new Usage(Instant.EPOCH, 1, 2, tasks, 0, 0, null)));
    }

    @Override
    public @Nullable Usage next() {
      try {
        Usage next = all.take().orElse(null);
        RuntimeException broken = failure;
        if (next == null && broken != null) {
          throw broken;
        }
        return next;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }

    @Override
    public void close() {
      closed.countDown();
      all.add(Optional.empty());
    }
  }

  @BeforeEach
  void measure() {
    sandboxes.usage =
        _ -> {
          opened.incrementAndGet();
          return samples;
        };
  }

  private static long tasks(Usages.Look look) throws InterruptedException {
    Usage next = look.next();
    assertThat(next).isNotNull();
    return next == null ? -1 : next.tasks();
  }

  @Test
  void isMeasuredOnceForAllWhoLook() throws InterruptedException {
    try (Usages.Look first = usages.look(id)) {
      samples.add(1);
      assertThat(tasks(first)).isEqualTo(1);
      try (Usages.Look second = usages.look(id)) {
        assertThat(tasks(second)).as("the latest is told at once").isEqualTo(1);
        samples.add(2);
        assertThat(tasks(first)).isEqualTo(2);
        assertThat(tasks(second)).isEqualTo(2);
      }
      assertThat(samples.closed.getCount()).as("somebody still looks").isEqualTo(1);
      samples.add(3);
      assertThat(tasks(first)).isEqualTo(3);
    }
    samples.closed.await();
    assertThat(usages.measured()).isZero();
    assertThat(opened).hasValue(1);
  }

  @Test
  void endsWithTheSandbox() throws InterruptedException {
    try (Usages.Look look = usages.look(id)) {
      samples.add(1);
      assertThat(tasks(look)).isEqualTo(1);
      samples.all.add(Optional.empty());
      assertThat(look.next()).isNull();
      assertThat(look.next()).isNull();
    }
    assertThat(usages.measured()).isZero();
  }

  @Test
  void saysWhyItCannotBeMeasured() throws InterruptedException {
    sandboxes.usage = any -> new FakeSandboxes().usage(any);
    try (Usages.Look look = usages.look(id)) {
      assertThatThrownBy(look::next).isInstanceOf(SandboxException.NotReady.class);
    }
    measure();
    samples.failure = new EngineException.Unreachable("the engine is away", null);
    samples.all.add(Optional.empty());
    try (Usages.Look look = usages.look(id)) {
      assertThatThrownBy(look::next).isInstanceOf(EngineException.Unreachable.class);
    }
  }

  @Test
  void beginsAnewForWhoeverLooksLater() throws InterruptedException {
    try (Usages.Look look = usages.look(id)) {
      samples.all.add(Optional.empty());
      assertThat(look.next()).isNull();
      Samples anew = new Samples();
      sandboxes.usage = _ -> anew;
      try (Usages.Look later = usages.look(id)) {
        anew.add(7);
        assertThat(tasks(later)).isEqualTo(7);
      }
    }
    assertThat(usages.measured()).isZero();
  }
}
