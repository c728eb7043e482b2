package dev.caisson.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.sandbox.SandboxId;
import org.junit.jupiter.api.Test;

/** Whether one sandbox can push out what others have to tell. */
class HeldTest {
  private final Held held = new Held();

  @Test
  void oneTakesNoMoreThanItsShare() {
    SandboxId loud = SandboxId.random();
    assertThat(held.add(loud, Held.MOST_OF_ONE)).isTrue();
    assertThat(held.add(loud, 1)).isFalse();
    assertThat(held.add(SandboxId.random(), 1)).isTrue();
    assertThat(held.add(null, 1)).isTrue();

    held.add(loud, -10);
    assertThat(held.add(loud, 10)).isTrue();
    assertThat(held.add(loud, 1)).isFalse();
  }

  @Test
  void allTakeNoMoreThanThereIs() {
    for (long taken = 0; taken < Held.MOST; taken += Held.MOST_OF_ONE) {
      assertThat(held.add(SandboxId.random(), Held.MOST_OF_ONE)).isTrue();
    }
    assertThat(held.add(SandboxId.random(), 1)).isFalse();
    assertThat(held.add(null, 1)).isFalse();
    held.clear();
    assertThat(held.add(SandboxId.random(), 1)).isTrue();
  }
}
