package dev.caisson.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What was typed arrives once, over whatever number of connections. */
class InputTest {
  private final Input input = new Input();

  private void give(String text) throws InterruptedException {
    input.give(text.getBytes(StandardCharsets.UTF_8));
  }

  private String next(int connection) throws InterruptedException {
    Input.Piece piece = Objects.requireNonNull(input.next(connection));
    return piece.end() ? "END" : new String(piece.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void whatTheProcessHasIsNotSentAgainAndTheRestIs() throws InterruptedException {
    int first = input.connected(0);
    give("abc");
    give("def");
    assertThat(next(first)).isEqualTo("abc");
    assertThat(next(first)).isEqualTo("def");
    input.taken(2);
    input.disconnected();
    assertThat(input.next(first)).isNull();
    give("g");
    input.end();
    // It had taken four when the connection broke, which nobody could tell.
    int second = input.connected(4);
    assertThat(next(second)).isEqualTo("ef");
    assertThat(next(second)).isEqualTo("g");
    assertThat(next(second)).isEqualTo("END");
    input.disconnected();
    int third = input.connected(7);
    assertThat(next(third)).isEqualTo("END");
  }

  @Test
  void aProcessThatOthersHaveWrittenToBeginsWhereItIs() throws InterruptedException {
    give("abc");
    int first = input.connected(100);
    assertThat(next(first)).isEqualTo("abc");
    input.disconnected();
    int second = input.connected(101);
    assertThat(next(second)).isEqualTo("bc");
  }
}
