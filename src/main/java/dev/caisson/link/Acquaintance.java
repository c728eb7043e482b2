package dev.caisson.link;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.BrokenRuleException;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The recognition of one sandbox's supervisor: the first to greet is given a word, before anything
 * else runs in the sandbox; every connection after that proves that it has it.
 */
final class Acquaintance {
  private static final String MAC = "HmacSHA256";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SandboxId sandbox;
  private final Words words;

  Acquaintance(SandboxId sandbox, Words words) {
    this.sandbox = sandbox;
    this.words = words;
  }

  /**
   * Hears the greeting of a connection that was just made, and what proves it.
   *
   * @return how much of the wire it knows
   * @throws BrokenRuleException if it is not the supervisor of this sandbox
   * @throws IOException if the connection broke
   */
  Vocabulary meet(Line line) throws IOException {
    if (!(line.answer() instanceof Answer.Greeting greeting)) {
      throw new BrokenRuleException("it does not greet");
    }
    if (!greeting.sandbox().equals(sandbox.value()) || greeting.protocol() > Connection.PROTOCOL) {
      throw new BrokenRuleException("it greets as another sandbox, or in another protocol");
    }
    Words.Word word = words.of(sandbox);
    if (word != null && word.heard()) {
      prove(line, word);
    } else if (greeting.provable()) {
      introduce(line, word == null ? words.make(sandbox) : word);
    }
    // One of before there were words is believed as it was then: it never had one.
    return Vocabulary.of(sandbox, greeting);
  }

  private void introduce(Line line, Words.Word word) throws IOException {
    line.connection().send(new Request.Introduce(word.secret()));
    if (!(line.answer() instanceof Answer.Done)) {
      throw new BrokenRuleException("it was introduced before, and not by this service");
    }
    words.heard(sandbox, word);
  }

  private static void prove(Line line, Words.Word word) throws IOException {
    byte[] nonce = new byte[Words.LENGTH];
    RANDOM.nextBytes(nonce);
    line.connection().send(new Request.Prove(nonce));
    if (!(line.answer() instanceof Answer.Proof(byte[] mac))
        || !MessageDigest.isEqual(mac, mac(word.secret(), nonce))) {
      throw new BrokenRuleException("it is not the one that was introduced");
    }
  }

  private static byte[] mac(byte[] secret, byte[] nonce) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(secret, MAC));
      return mac.doFinal(nonce);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
