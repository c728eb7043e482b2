package dev.caisson.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which parameter of a query is no text. */
class DamagedQueryTest {

  @Test
  void theDamagedOnesAreNamed() {
    assertThat(DamagedQuery.names("limit=1&cursor=%00%ff&a=%C3%A4")).isEqualTo(List.of("cursor"));
    assertThat(DamagedQuery.names("a=%ed%a0%80&b=%&c=%zz&d=%f"))
        .containsExactly("a", "b", "c", "d");
    assertThat(DamagedQuery.names("%ff=1&=%ff")).containsExactly("query");
  }

  @Test
  void whatIsTextIsNotDamaged() {
    assertThat(DamagedQuery.names(null)).isEmpty();
    assertThat(DamagedQuery.names("")).isEmpty();
    assertThat(DamagedQuery.names("a=%00&b=%F0%9F%A6%80&c&d=1=2")).isEmpty();
  }
}
