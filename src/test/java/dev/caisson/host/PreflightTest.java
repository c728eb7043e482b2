package dev.caisson.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** When the host is looked at, and what becomes of a look that failed. */
class PreflightTest {
  private final FakeInspector host = new FakeInspector();

  @Test
  void theHostIsLookedAtOnceForAllWhoAsk() throws Exception {
    Preflight preflight = host.preflight();
    preflight.serve("service-1", List.of("10.0.0.1:5000"), List.of());
    preflight.look();
    HostReport first = preflight.report();
    assertThat(preflight.report()).isSameAs(first);
    assertThat(host.grounds).hasSize(1);
    assertThat(host.grounds.getFirst().instance()).isEqualTo("service-1");
    assertThat(host.grounds.getFirst().network().allow()).containsExactly("10.0.0.1:5000");
  }

  @Test
  void anEngineThatIsAwayIsAskedAgainTheNextTime() throws Exception {
    host.failure = new IllegalStateException("away");
    Preflight preflight = host.preflight();
    assertThatThrownBy(preflight::report).hasMessage("away");
    host.failure = null;
    assertThat(preflight.report().isolation().value()).isEqualTo("userns");
  }

  @Test
  void aRefreshSeesWhatHasCome() throws Exception {
    host.kit = false;
    Preflight preflight = host.preflight();
    assertThat(preflight.report().engine().kit().present()).isFalse();
    assertThat(preflight.report().warnings()).anyMatch(warning -> warning.contains("kit/build.sh"));
    host.kit = true;
    assertThat(preflight.again().engine().kit().present()).isTrue();
  }
}
