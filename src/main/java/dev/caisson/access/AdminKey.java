package dev.caisson.access;

import dev.caisson.secret.SecretFile;
import dev.caisson.secret.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
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

  private final byte[] hash;

  AdminKey(AccessProperties properties) {
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

  private static byte[] sha256(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
