package dev.caisson.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token and the label of a host name are the same secret, whatever its bits are. */
class TokenTest {
  private static final String ID = "cg_k7m2p9w3xh";

  private static Token of(byte[] secret) {
    return Token.parse(ID + Base64.getUrlEncoder().withoutPadding().encodeToString(secret))
        .orElseThrow();
  }

  @Test
  void theLabelHasTheFormOfOneAndLeadsBackToTheToken() {
    for (int i = 0; i < 1000; i++) {
      Token token = Token.random();
      assertThat(token.label()).hasSize(62).matches("[a-z0-9]+");
      assertThat(Token.isLabel(token.label())).isTrue();
      assertThat(Token.ofLabel(token.label())).isEqualTo(token.secret());
    }
  }

  @Test
  void zerosAtEitherEndAreKept() {
    byte[] secret = new byte[32];
    assertThat(Token.ofLabel(of(secret).label())).isEqualTo(of(secret).secret());
    secret[31] = 1;
    assertThat(of(secret).label()).isEqualTo("k7m2p9w3xh" + "0".repeat(51) + "1");
    assertThat(Token.ofLabel(of(secret).label())).isEqualTo(of(secret).secret());
    secret[0] = (byte) 0x80;
    secret[31] = 0;
    assertThat(Token.ofLabel(of(secret).label())).isEqualTo(of(secret).secret());
  }

  /** No two labels are the same token: one that is too large is none. */
  @Test
  void aNumberBeyondTheSecretsBitsIsNoToken() {
    assertThat(Token.parse(Token.ofLabel("k7m2p9w3xh" + "v".repeat(52)))).isEmpty();
    assertThat(Token.parse(Token.ofLabel("k7m2p9w3xh" + "1" + "v".repeat(51)))).isPresent();
    assertThat(Token.parse(Token.ofLabel("k7m2p9w3xh" + "2" + "0".repeat(51)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "k7m2p9w3xh",
        "80-sb-aaaaaaaa",
        "K7m2p9w3xh0000000000000000000000000000000000000000000000000000",
        "k7m2p9w3xh000000000000000000000000000000000000000000000000000",
        "k7m2p9w3xh00000000000000000000000000000000000000000000000000000",
        "k7m2p9w3xh000000000000000000000000000000000000000000000000000w",
        "k7m2p9w3x00000000000000000000000000000000000000000000000000000"
      })
  void whatHasAnotherFormIsNone(String text) {
    assertThat(Token.isLabel(text)).isFalse();
    assertThat(Token.parse(Token.ofLabel(text))).isEmpty();
  }
}
