package dev.caisson.registry;

import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.secret.SecretFile;
import dev.caisson.secret.SecretFileException;
import dev.caisson.secret.Sha256;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The keys under which credentials are sealed, from a file only its owner can read, made at the
 * first start: one a line, in hexadecimal. The first seals; all open, so that it can be changed.
 */
@Component
final class CredentialKeys {
  private static final int BYTES = 32;
  private static final int ID_CHARACTERS = 8;

  private final Map<String, SecretKey> keys = new LinkedHashMap<>();

  @Autowired
  CredentialKeys(SandboxProperties properties) {
    this(properties.home().resolve("registries.key"));
  }

  CredentialKeys(Path file) {
    String text = new SecretFile(file, 2 * BYTES).readOrMake(CredentialKeys::generate);
    try {
      for (String line : text.lines().toList()) {
        if (!line.isBlank()) {
          byte[] key = HexFormat.of().parseHex(line.strip());
          if (key.length != BYTES) {
            throw malformed(file);
          }
          keys.put(id(key), new SecretKeySpec(key, "AES"));
        }
      }
    } catch (IllegalArgumentException e) {
      // Its message would quote the key.
      throw malformed(file);
    }
  }

  private static SecretFileException malformed(Path file) {
    return new SecretFileException(
        file,
        "must contain keys of 64 hexadecimal digits, one per line",
        "Restore it from a backup; without it, credentials of registries must be stored again.");
  }

  /** Returns the name of the key that seals. */
  String first() {
    return keys.keySet().iterator().next();
  }

  @Nullable SecretKey get(String id) {
    return keys.get(id);
  }

  private static String id(byte[] key) {
    return Sha256.hex(key).substring(0, ID_CHARACTERS);
  }

  private static String generate() {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    return HexFormat.of().formatHex(key);
  }
}
