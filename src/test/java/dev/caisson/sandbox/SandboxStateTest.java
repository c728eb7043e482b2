package dev.caisson.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every state meets every event: it moves as written here, or says that it cannot. */
class SandboxStateTest {
  private static final Map<SandboxState, Map<SandboxState.Event, SandboxState>> MOVES =
      new EnumMap<>(
          Map.of(
              SandboxState.STARTING,
              Map.of(
                  SandboxState.Event.ANSWERED, SandboxState.READY,
                  SandboxState.Event.START_FAILED, SandboxState.FAILED,
                  SandboxState.Event.END, SandboxState.ENDING),
              SandboxState.READY,
              Map.of(SandboxState.Event.END, SandboxState.ENDING),
              SandboxState.ENDING,
              Map.of(
                  SandboxState.Event.END, SandboxState.ENDING,
                  SandboxState.Event.GONE, SandboxState.ENDED),
              SandboxState.ENDED,
              Map.of(),
              SandboxState.FAILED,
              Map.of()));

  @ParameterizedTest
  @EnumSource
  void everyEventIsDecided(SandboxState state) {
    Map<SandboxState.Event, SandboxState> moves = MOVES.getOrDefault(state, Map.of());
    for (SandboxState.Event event : SandboxState.Event.values()) {
      SandboxState next = moves.get(event);
      if (next == null) {
        assertThatThrownBy(() -> state.next(event)).isInstanceOf(IllegalStateException.class);
      } else {
        assertThat(state.next(event)).isEqualTo(next);
      }
    }
  }
}
