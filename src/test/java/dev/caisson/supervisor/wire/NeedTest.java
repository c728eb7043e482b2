package dev.caisson.supervisor.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How new a peer must be to understand a message. */
class NeedTest {

  /** A command as versions later than the first have it. */
  enum Command {
    START,
    @Since(4)
    PAUSE
  }

  /** A part that has grown. */
  record Part(int first, @Since(3) long second) {}

  /** A message that has grown. */
  record Grown(
      String name,
      @Nullable Command command,
      @Since(2) @Nullable String note,
      List<Part> parts,
      @Since(5) Map<String, Part> named,
      @Since(6) boolean flag) {}

  /** A message that is new as a whole. */
  @Since(7)
  record Fresh() {}

  private static Grown grown(
      @Nullable Command command, @Nullable String note, List<Part> parts, Map<String, Part> named) {
    return new Grown("n", command, note, parts, named, false);
  }

  @Test
  void isNothingWhereNothingNewIsSaid() {
    Grown plain = grown(Command.START, null, List.of(new Part(1, 0)), Map.of());
    assertThat(Need.of(plain)).isEqualTo(new Need(0, ""));
    assertThat(Need.of(new Request.Describe(1)).revision()).isZero();
  }

  @Test
  void isThatOfTheNewestThingThatIsSaid() {
    assertThat(Need.of(grown(null, "", List.of(), Map.of()))).isEqualTo(new Need(2, "Grown.note"));
    assertThat(Need.of(grown(null, "n", List.of(new Part(1, 0), new Part(1, 2)), Map.of())))
        .isEqualTo(new Need(3, "Part.second"));
    assertThat(Need.of(grown(Command.PAUSE, "n", List.of(new Part(1, 2)), Map.of())))
        .isEqualTo(new Need(4, "Grown.command PAUSE"));
    assertThat(Need.of(grown(Command.PAUSE, null, List.of(), Map.of("k", new Part(0, 0)))))
        .isEqualTo(new Need(5, "Grown.named"));
    assertThat(Need.of(new Grown("n", null, null, List.of(), Map.of(), true)))
        .isEqualTo(new Need(6, "Grown.flag"));
    assertThat(Need.of(new Fresh())).isEqualTo(new Need(7, "Fresh"));
  }
}
