package dev.caisson.supervisor.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The wire only grows, so that sandboxes outlive upgrades: what it is now, against what was written
 * down. After a change that keeps to the rules: {@code -Dcontract.write=true}.
 */
class WireShapeTest {
  private static final Path WRITTEN = Path.of("src/test/resources/wire/shape.txt");
  private static final String HEAD =
      """
      # The shape of the wire between service and supervisors, as WireShapeTest writes it down; what may change in it stands in
      # docs/decisions/2026-11-the-wire-only-grows.md.
      """;

  private static final String BEFORE =
      """
      wire
        protocol 1
        revision 3
      kind 0 Answer.Greeting
        protocol int
        sandbox String bytes=64 form=WORD
        note String? bytes=100 cut=true form=LINE
      kind 1 Request.Daemon
        command Request.DaemonCommand
      record Part
        number int least=0
      enum Request.DaemonCommand
        START
        STOP
      """;

  private static List<String> broken(String before, String after) {
    return WireShape.read(after).brokenSince(WireShape.read(before));
  }

  @Test
  void keepsWhatOlderAndNewerPeersUnderstand() throws IOException {
    WireShape now = WireShape.current();
    assertThat(now.brokenSince(WireShape.read(Files.readString(WRITTEN))))
        .as("an older peer would misunderstand; see docs/decisions/2026-11-the-wire-only-grows.md")
        .isEmpty();
    if (Boolean.getBoolean("contract.write")) {
      Files.writeString(WRITTEN, HEAD + now);
    }
    assertThat(HEAD + now)
        .as("write the new shape down: -Dcontract.write=true, and read the difference")
        .isEqualTo(Files.readString(WRITTEN));
  }

  @Test
  void everyMessageHasANumber() {
    assertThat(WireShape.messages()).allMatch(type -> Codec.kind(type) >= 0);
    assertThat(WireShape.current().toString())
        .isEqualTo(WireShape.read(HEAD + WireShape.current()).toString());
  }

  /** What is written here would be misunderstood; the text before becomes the text after. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a component is gone           | '  sandbox String bytes=64 form=WORD\n' | ''",
        "two have changed places       | '  protocol int\n  sandbox String bytes=64 form=WORD\n' | '  sandbox String bytes=64 form=WORD\n  protocol int\n'",
        "one has another type          | 'protocol int' | 'protocol long'",
        "one has another name          | 'protocol int' | 'version int'",
        "one must be there now         | 'String? bytes=100' | 'String bytes=100'",
        "one may be shorter            | 'bytes=64' | 'bytes=63'",
        "one is not cut any more       | ' cut=true' | ''",
        "one has a stricter form       | 'form=LINE' | 'form=WORD'",
        "one has a smaller range       | 'least=0' | 'least=1'",
        "one is new in the middle      | '  sandbox' | '  more int since 4\n  sandbox'",
        "one is new without a revision | 'number int least=0\n' | 'number int least=0\n  more int\n'",
        "one is new in an old revision | 'number int least=0\n' | 'number int least=0\n  more int since 3\n'",
        "one is new in none so far     | 'number int least=0\n' | 'number int least=0\n  more int since 5\n'",
        "one is new and always there   | 'number int least=0\n' | 'number int least=0\n  more String since 4\n'",
        "a constant is gone            | '  STOP\n' | ''",
        "a constant has another name   | 'STOP' | 'HALT'",
        "a constant is new without one | '  STOP\n' | '  STOP\n  PAUSE\n'",
        "a kind has another number     | 'kind 1' | 'kind 2'",
        "a kind is new without one     | 'record Part' | 'kind 2 Request.Pause\nrecord Part'",
      })
  void findsWhatWouldBeMisunderstood(String what, String part, String instead) {
    String after =
        BEFORE
            .replace("revision 3", "revision 4")
            .replace(part.replace("\\n", "\n"), instead.replace("\\n", "\n"));
    assertThat(after.replace("revision 4", "revision 3")).as(what).isNotEqualTo(BEFORE);
    assertThat(broken(BEFORE, after)).as(what).isNotEmpty();
    // Nobody of before talks to it any more.
    assertThat(broken(BEFORE, after.replace("protocol 1", "protocol 2"))).isEmpty();
  }

  @Test
  void takesWhatIsAddedAndSaysSince() {
    String after =
        BEFORE
            .replace("revision 3", "revision 4")
            .replace("number int least=0\n", "number int least=0\n  more String? since 4\n")
            .replace("  STOP\n", "  STOP\n  PAUSE since 4\n")
            .replace("bytes=64", "bytes=65")
            .replace("record Part", "kind 2 Request.Pause\n  itself since 4\nrecord Part");
    assertThat(broken(BEFORE, after)).isEmpty();
    assertThat(broken(BEFORE, BEFORE)).isEmpty();
  }
}
