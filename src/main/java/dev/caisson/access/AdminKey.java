package dev.caisson.access;

import dev.caisson.secret.SecretFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.springframework.stereotype.Component;

/**
 * The key that may do everything: generated at the first start into a file only its owner can read.
 * Only its hash is kept in memory, and compared in constant time.
 */
@Component
final class AdminKey {
  /** The fewest characters of a key, also of one that an operator has chosen. */
  private static final int LEAST = 32;

  /**
   * The digest that each use copies: looking one up by its name takes longer than the hash of a
   * key.
   */
  private final MessageDigest unused;

  private final byte[] hash;

  AdminKey(AccessProperties properties) {
    try {
      this.unused = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    this.hash =
        sha256(new SecretFile(properties.adminKeyFile(), LEAST).readOrMake(AdminKey::generate));
  }

  /** Tells whether this is the key; a text that is shorter than any key never is. */
  boolean matches(String key) {
    return key.length() >= LEAST && MessageDigest.isEqual(hash, sha256(key));
  }

  private static String generate() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return "ck_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  private byte[] sha256(String text) {
    try {
      var own = (MessageDigest) unused.clone();
      return own.digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }
}
