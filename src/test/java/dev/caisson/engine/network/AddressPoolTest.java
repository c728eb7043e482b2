package dev.caisson.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Networks of eight addresses, cut out of one that the operator gives. */
class AddressPoolTest {

  @Test
  void everySandboxGetsEightAddresses() {
    AddressPool pool = AddressPool.of("10.203.0.0/16");
    assertThat(pool.size()).isEqualTo(8192);
    assertThat(pool.subnet(0)).isEqualTo("10.203.0.0/29");
    assertThat(pool.subnet(32)).isEqualTo("10.203.1.0/29");
    assertThat(pool.subnet(8191)).isEqualTo("10.203.255.248/29");
  }

  @Test
  void anAddressInTheMiddleMeansItsNetwork() {
    assertThat(AddressPool.of("192.168.7.9/24").subnet(1)).isEqualTo("192.168.7.8/29");
  }
}
