package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a kernel's mask says. */
class MissingCapabilitiesTest {

  @Test
  void missingCapabilitiesAreThoseWhoseBitsAreNotSet() {
    assertThat(MissingCapabilities.in("000001fffeffffff")).containsExactly("CAP_SYS_RESOURCE");
    assertThat(MissingCapabilities.in("000001ffffffffff")).isEmpty();
    assertThat(MissingCapabilities.in("")).isEmpty();
  }
}
