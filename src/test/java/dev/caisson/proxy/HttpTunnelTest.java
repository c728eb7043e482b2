package dev.caisson.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.sandbox.Tunnel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that a hostile application gives: byte for byte, and some of them without an end. */
class HttpTunnelTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding\u000b: chunked",
        "Set-Cookie\u000b: k=v; Path=/",
        "Clear-Site-Data\u0001: \"*\"",
        "Strict-Transport-Security\u007f: max-age=1",
        "Bad Name: x",
        "Name\u00a0: x",
        "Na(me: x",
        "Na\u0000me: x",
        "X: a\u001bb",
        "X: a\u007fb"
      })
  void aHeaderThatIsNoneOfHttpsIsRefused(String line) {
    assertThatThrownBy(() -> receive(bytes(OK + line + "\r\nContent-Length: 0\r\n\r\n"), ""))
        .isInstanceOf(HttpException.class);
  }

  /** The parser makes spaces of these two, so that nothing of them is left to be read. */
  @ParameterizedTest
  @ValueSource(strings = {"X: a\u0000b", "X: a\rb"})
  void noControlCharacterIsLeftInAValue(String line) throws Exception {
    assertThat(receive(bytes(OK + line + "\r\n\r\n"), "").getFirstHeader("X").getValue())
        .isEqualTo("a b");
  }

  @Test
  void everyCharacterButATokensIsRefusedInAName() throws Exception {
    for (int c = 0; c < 256; c++) {
      String answer = OK + "A" + (char) c + "B: x\r\nContent-Length: 0\r\n\r\n";
      boolean token = c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
      if (token) {
        assertThat(receive(bytes(answer), "").getHeaders()).hasSize(2);
      } else if (c != ':') {
        int character = c;
        assertThatThrownBy(() -> receive(bytes(answer), ""))
            .as("character %d", character)
            .isInstanceOf(HttpException.class);
      }
    }
  }

  @Test
  void asManyHeadersAsThereMayBeAndNoMore() throws Exception {
    String header = "X: y\r\n";
    assertThat(
            receive(bytes(OK + header.repeat(HttpTunnel.MAX_HEADERS - 1) + "\r\n"), "")
                .getHeaders())
        .hasSize(HttpTunnel.MAX_HEADERS - 1);
    assertThatThrownBy(
            () -> receive(bytes(OK + header.repeat(HttpTunnel.MAX_HEADERS + 1) + "\r\n"), ""))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y\r\n",
        "x",
        "X: 60000-and-more-characters-in-one-line-",
        " folded\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n"
      })
  void aHeadWithoutAnEndIsGivenUp(String part) {
    Endless input = new Endless(bytes(part));
    assertThatThrownBy(() ->
            receive(
                new SequenceInputStream(
                    new ByteArrayInputStream(bytes(part.startsWith("HTTP") ? "" : OK)), input),
                ""))
        .isInstanceOfAny(IOException.class, HttpException.class);
    assertThat(input.count).isLessThan(HttpTunnel.MAX_HEAD + (64 << 10));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a{b}",
        "//elsewhere/a",
        "//",
        "///a//b",
        "/a?",
        "/?{^|\"}",
        "/a#b",
        "*",
        "/a/../b",
        "/%7b%"
      })
  void aTargetIsSentAsItIsWritten(String target) throws IOException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    Tunnel tunnel = new Answered(new ByteArrayInputStream(bytes(OK + "\r\n")), sent);
    assertThat(new HttpTunnel(tunnel).get(target).getCode()).isEqualTo(200);
    assertThat(sent.toString(StandardCharsets.ISO_8859_1))
        .startsWith("GET " + target + " HTTP/1.1\r\n");
  }

  @Test
  void provisionalAnswersArePassedOver() throws Exception {
    String early = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
    assertThat(receive(bytes(early.repeat(HttpTunnel.MAX_PROVISIONAL) + OK + "\r\n"), "").getCode())
        .isEqualTo(200);
    assertThatThrownBy(
            () -> receive(bytes(early.repeat(HttpTunnel.MAX_PROVISIONAL + 1) + OK + "\r\n"), ""))
        .isInstanceOf(HttpException.class);
  }

  @Test
  void aSwitchThatWasNotAskedForIsRefused() throws Exception {
    String answer =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
    assertThat(receive(bytes(answer), "TCP").getCode()).isEqualTo(101);
    assertThat(receive(bytes(answer), "h2c, tcp").getCode()).isEqualTo(101);
    for (String asked : new String[] {"", "websocket", "tcpx"}) {
      assertThatThrownBy(() -> receive(bytes(answer), asked)).isInstanceOf(HttpException.class);
    }
    assertThatThrownBy(() -> receive(bytes("HTTP/1.1 101 Switching Protocols\r\n\r\n"), "tcp"))
        .isInstanceOf(HttpException.class);
  }

  private static ClassicHttpResponse receive(byte[] answer, String upgrade)
      throws IOException, HttpException {
    return receive(new ByteArrayInputStream(answer), upgrade);
  }

  private static ClassicHttpResponse receive(InputStream answer, String upgrade)
      throws IOException, HttpException {
    return new HttpTunnel(new Answered(answer, OutputStream.nullOutputStream()))
        .receive(false, upgrade);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A tunnel to what says this, whatever it is asked. */
  private record Answered(InputStream input, OutputStream output) implements Tunnel {

    @Override
    public boolean isQuiet() {
      return true;
    }

    @Override
    public void endOutput() {
      // Nobody waits for that.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  /** The same again and again, counted. */
  private static final class Endless extends InputStream {
    private final byte[] part;
    private int count;

    Endless(byte[] part) {
      this.part = part;
    }

    @Override
    public int read() {
      return part[count++ % part.length] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      int some = Math.min(length, 8 << 10);
      byte[] copy = new byte[some];
      for (int i = 0; i < some; i++) {
        copy[i] = part[count++ % part.length];
      }
      System.arraycopy(copy, 0, into, from, some);
      return some;
    }

    @Override
    public String toString() {
      return Arrays.toString(part);
    }
  }
}
