package dev.caisson.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Tunnel;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tunnels are kept for their own sandbox, while they are fit for it and somebody may come. */
class KeptTunnelsTest {
  private static final SandboxId ONE = SandboxId.parse("sb-aaaaaaaa").orElseThrow();
  private static final SandboxId OTHER = SandboxId.parse("sb-bbbbbbbb").orElseThrow();

  private final List<Runnable> later = new ArrayList<>();
  private final List<Fake> dialled = new ArrayList<>();
  private final KeptTunnels tunnels = new KeptTunnels(Duration.ofHours(1), later::add);

  @Test
  void aTunnelThatWasKeptIsUsedOnceMore() {
    use(ONE);

    use(ONE);

    assertThat(dialled).hasSize(1);
    assertThat(dialled.getFirst().closed).isFalse();
  }

  @Test
  void oneThatNobodyKeptIsClosed() {
    take(ONE).close();

    take(ONE);

    assertThat(dialled).hasSize(2);
    assertThat(dialled.getFirst().closed).isTrue();
  }

  @Test
  void itIsNeverAnotherSandboxs() {
    use(ONE);

    use(OTHER);

    assertThat(dialled).hasSize(2);
  }

  @Test
  void twoAtOnceHaveOneEach() {
    use(ONE);
    KeptTunnels.Lease first = take(ONE);

    KeptTunnels.Lease second = take(ONE);

    assertThat(dialled).hasSize(2);
    first.close();
    second.close();
  }

  @Test
  void oneWhoseEndHasGoneOrSpokenUnaskedIsClosed() {
    use(ONE);
    dialled.getFirst().quiet = false;

    use(ONE);

    assertThat(dialled).hasSize(2);
    assertThat(dialled.getFirst().closed).isTrue();
  }

  @Test
  void closedTwiceItIsHandedOnOnce() {
    KeptTunnels.Lease lease = take(ONE);
    lease.keep();
    lease.close();
    KeptTunnels.Lease next = take(ONE);

    lease.close();

    assertThat(dialled.getFirst().closed).isFalse();
    assertThat(take(ONE)).isNotSameAs(next);
    assertThat(dialled).hasSize(2);
  }

  @Test
  void whatWasCutIsNotKept() {
    KeptTunnels.Lease lease = take(ONE);
    lease.close();

    lease.keep();
    take(ONE);

    assertThat(dialled).hasSize(2);
    assertThat(dialled.getFirst().closed).isTrue();
  }

  @Test
  void thereAreNeverMoreThanSome() {
    List<KeptTunnels.Lease> many =
        IntStream.range(0, KeptTunnels.PER_SANDBOX + 3).mapToObj(_ -> take(ONE)).toList();

    for (KeptTunnels.Lease each : many) {
      each.keep();
      each.close();
    }

    assertThat(dialled.stream().filter(each -> each.closed)).hasSize(3);
  }

  @Test
  void unusedOnesAreClosedInTime() {
    KeptTunnels brief = new KeptTunnels(Duration.ZERO, later::add);
    KeptTunnels.Lease lease = brief.take(ONE, this::dial);
    lease.keep();
    lease.close();
    assertThat(later).hasSize(1);

    later.removeFirst().run();

    assertThat(dialled.getFirst().closed).isTrue();
    assertThat(later).as("nothing is left to look for").isEmpty();
  }

  @Test
  void thoseThatAreStillWantedStay() {
    use(ONE);

    later.removeFirst().run();

    assertThat(dialled.getFirst().closed).isFalse();
    assertThat(later).as("it is looked for again").hasSize(1);
  }

  private void use(SandboxId sandbox) {
    KeptTunnels.Lease lease = take(sandbox);
    lease.keep();
    lease.close();
  }

  private KeptTunnels.Lease take(SandboxId sandbox) {
    return tunnels.take(sandbox, this::dial);
  }

  private Fake dial() {
    Fake tunnel = new Fake();
    dialled.add(tunnel);
    return tunnel;
  }

  /** A tunnel that notes its end. */
  private static final class Fake implements Tunnel {
    private boolean quiet = true;
    private boolean closed;

    @Override
    public InputStream input() {
      return InputStream.nullInputStream();
    }

    @Override
    public OutputStream output() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public void endOutput() {
      // Nobody waits for that.
    }

    @Override
    public boolean isQuiet() {
      return quiet && !closed;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
