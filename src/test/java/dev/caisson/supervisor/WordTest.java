package dev.caisson.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The word by which a supervisor is known again. */
class WordTest {
  private static final byte[] SECRET = bytes(1);

  private static byte[] bytes(long seed) {
    byte[] bytes = new byte[32];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] hmac(byte[] key, byte[] message) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }

  @Test
  void makesTheSameCodesAsTheJdk() throws Exception {
    for (int seed = 2; seed < 200; seed++) {
      assertThat(Word.mac(bytes(seed), bytes(-seed))).isEqualTo(hmac(bytes(seed), bytes(-seed)));
    }
  }

  @Test
  void isTheFirstThatWasHeard() throws Exception {
    Word word = new Word();
    assertThatThrownBy(() -> word.prove(bytes(3))).isInstanceOf(RefusedException.class);

    word.introduce(SECRET);
    word.introduce(SECRET.clone());

    assertThatThrownBy(() -> word.introduce(bytes(4))).isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> word.introduce(new byte[0])).isInstanceOf(RefusedException.class);
    assertThat(word.prove(bytes(3)).mac()).isEqualTo(hmac(SECRET, bytes(3)));
  }

  @Test
  void isKeptByASupervisorForEveryConnection() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.start()) {
      assertThat(said(supervisor, new Request.Prove(bytes(5))))
          .isInstanceOfSatisfying(
              Answer.Refused.class, no -> assertThat(no.code()).isEqualTo("NOT_INTRODUCED"));
      assertThat(said(supervisor, new Request.Introduce(SECRET))).isInstanceOf(Answer.Done.class);
      supervisor.configure();

      assertThat(said(supervisor, new Request.Introduce(bytes(6))))
          .isInstanceOfSatisfying(
              Answer.Refused.class, no -> assertThat(no.code()).isEqualTo("EEXIST"));
      Answer.Proof proof = (Answer.Proof) said(supervisor, new Request.Prove(bytes(7)));
      assertThat(proof.mac()).isEqualTo(hmac(SECRET, bytes(7)));
    }
  }

  private static Message said(SupervisorProcess supervisor, Request<?> request) throws IOException {
    try (Connection connection = supervisor.connect()) {
      connection.send(request);
      return connection.receive();
    }
  }
}
