package dev.caisson.supervisor;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The word by which the service knows this supervisor again: heard once, kept in memory alone, and
 * never said. HMAC-SHA256 is put together here, since the JDK's own brings all of its providers'
 * ciphers along.
 */
final class Word {
  private static final int LENGTH = 32;
  private static final int BLOCK = 64;
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5C;

  private byte @Nullable [] word;

  /** Accepts the word if it is the first, or equal to the first. */
  synchronized void introduce(byte[] said) throws RefusedException {
    if (said.length != LENGTH) {
      throw new RefusedException(RefusalCode.EINVAL, "a word has " + LENGTH + " bytes");
    }
    if (word == null) {
      word = said;
    } else if (!MessageDigest.isEqual(word, said)) {
      throw new RefusedException(RefusalCode.EEXIST, "the supervisor was introduced already");
    }
  }

  /** Proves that the word is known, for this nonce. */
  synchronized Answer.Proof prove(byte[] nonce) throws RefusedException {
    if (word == null) {
      throw new RefusedException(
          RefusalCode.NOT_INTRODUCED, "the supervisor has not been introduced");
    }
    return new Answer.Proof(mac(word, nonce));
  }

  /** Computes HMAC-SHA256 (RFC 2104) under a key that is shorter than a block. */
  static byte[] mac(byte[] key, byte[] message) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(padded(key, INNER));
      byte[] inner = digest.digest(message);
      digest.update(padded(key, OUTER));
      return digest.digest(inner);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] padded(byte[] key, byte with) {
    byte[] block = Arrays.copyOf(key, BLOCK);
    for (int i = 0; i < BLOCK; i++) {
      block[i] ^= with;
    }
    return block;
  }
}
