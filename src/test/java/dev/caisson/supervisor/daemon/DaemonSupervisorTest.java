package dev.caisson.supervisor.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.DaemonStatus.State;
import dev.caisson.supervisor.wire.Request.DaemonCommand;
import dev.caisson.supervisor.wire.Request.DockerPlan;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DaemonSupervisorTest {

  @TempDir Path root;
  private final DaemonFakeUnits units = new DaemonFakeUnits();
  private final BlockingQueue<DaemonStatus> told = new LinkedBlockingQueue<>();
  private DaemonLayout layout;
  private @Nullable DaemonStatus last;
  private DaemonSupervisor keeper;

  @BeforeEach
  void make() {
    layout = new DaemonLayout(root);
    keeper =
        new DaemonSupervisor(
            layout,
            new DaemonUnits(layout, DockerPlan.builder().build(), Map.of()),
            new DaemonFiles(layout, root.resolve("proc")),
            DaemonPatience.DEFAULT,
            new DiskGauge(root, 0),
            () -> null,
            units,
            Clock.systemUTC(),
            this::tell,
            failure -> {});
  }

  @Test
  void anExitIsPushedAndTheRestartFollowsByItself() throws Exception {
    keeper.open();
    await(State.STARTING);
    try (ProbeServer first = serve()) {
      await(State.READY);
      assertThat(first.requests).isNotEmpty();
    }
    units.kill(Units.DOCKERD);
    await(State.BACKING_OFF, State.STARTING);
    try (ProbeServer second = serve()) {
      await(State.READY);
      assertThat(second.requests).isNotEmpty();
      assertThat(keeper.status().restarts()).isEqualTo(1);
      units.obedient = true;
      keeper.shutdown(Duration.ofSeconds(5));
    }
    assertThat(keeper.status().state()).isEqualTo(State.STOPPED);
    assertThat(keeper.status().pid()).isZero();
    assertThat(units.log).endsWith("TERM dockerd", "TERM containerd");
  }

  @Test
  void aCommandIsAnsweredWithWhatFollowsFromIt() throws Exception {
    units.obedient = true;
    keeper.open();
    await(State.STARTING);
    assertThat(keeper.want(DaemonCommand.STOP).state()).isEqualTo(State.STOPPED);
    assertThat(keeper.want(DaemonCommand.START).state()).isEqualTo(State.STARTING);
    keeper.shutdown(Duration.ofSeconds(5));
    assertThat(keeper.want(DaemonCommand.START).state()).isEqualTo(State.STOPPED);
  }

  @Test
  void whatIsLeftAfterTheGraceIsKilled() throws Exception {
    keeper.open();
    await(State.STARTING);
    keeper.shutdown(Duration.ofMillis(50));
    assertThat(units.log).endsWith("TERM dockerd", "KILL dockerd", "KILL containerd");
  }

  /** What has changed but the use of the disk, which is looked at whenever it is. */
  private void tell(DaemonStatus status) {
    if (last == null || last.state() != status.state()) {
      told.add(status);
    }
    last = status;
  }

  private ProbeServer serve() throws Exception {
    return new ProbeServer(layout.dockerSocket(), line -> ProbeServer.ok("OK"));
  }

  private void await(State... states) throws InterruptedException {
    for (State state : states) {
      DaemonStatus next = told.poll(10, TimeUnit.SECONDS);
      assertThat(next).isNotNull();
      assertThat(next.state()).isEqualTo(state);
    }
  }
}
