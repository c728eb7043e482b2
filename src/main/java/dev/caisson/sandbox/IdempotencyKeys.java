package dev.caisson.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells whether two requests under one key are the same. A request holds environment values, which
 * a plain hash in the database would let anybody guess at: it is hashed under a secret that lies
 * beside the admin key, not in the database.
 */
@Component
final class IdempotencyKeys {
  private static final String HMAC = "HmacSHA256";
  private static final int BYTES = 32;

  private final JsonMapper json =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();
  private final Path file;
  private final SecretKeySpec secret;

  IdempotencyKeys(SandboxProperties properties) {
    file = properties.home().resolve("idempotency.key");
    try {
      if (!Files.exists(file)) {
        make();
      }
      secret = new SecretKeySpec(Files.readAllBytes(file), HMAC);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or make " + file, e);
    }
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

  private void make() throws IOException {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path part =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            "idempotency",
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var channel = Files.newByteChannel(part, Set.of(StandardOpenOption.WRITE))) {
      channel.write(
          ByteBuffer.wrap(HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII)));
    }
    try {
      // A half-written secret would be believed for ever: whole or not at all.
      Files.move(part, file);
    } catch (FileAlreadyExistsException e) {
      Files.delete(part);
    }
  }
}
