package dev.caisson.lifecycle;

import dev.caisson.sandbox.History;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.secret.SecretFile;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fingerprints that tell whether two requests under one key are the same. A request holds
 * environment values, which a plain hash in the database would let a reader of it guess at: the
 * request is hashed under a secret that lies beside the admin key, not in the database.
 */
@Component
final class IdempotencyKeys {
  private static final String HMAC = "HmacSHA256";
  private static final int BYTES = 32;

  private final JsonMapper json =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();
  private final SecretKeySpec secret;

  IdempotencyKeys(SandboxProperties properties) {
    String key =
        new SecretFile(properties.home().resolve("idempotency.key"), 2 * BYTES)
            .readOrMake(IdempotencyKeys::generate);
    secret = new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), HMAC);
  }

  History.Use of(String key, SandboxCreation request) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(secret);
      return new History.Use(
          key, HexFormat.of().formatHex(mac.doFinal(json.writeValueAsBytes(request))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String generate() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
