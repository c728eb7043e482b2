package dev.caisson.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The key that may do everything: generated at the first start into a file only its owner can read.
 * Only its hash is kept in memory, and compared in constant time.
 */
@Component
final class AdminKey {
  private static final Logger log = LoggerFactory.getLogger(AdminKey.class);

  private final byte[] hash;

  AdminKey(AccessProperties properties) {
    Path file = properties.adminKeyFile();
    try {
      if (!Files.exists(file)) {
        write(file);
        log.atInfo().addKeyValue("file", file).log("admin key generated");
      }
      this.hash = sha256(Files.readString(file).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or make the admin key in " + file, e);
    }
  }

  boolean matches(String key) {
    return MessageDigest.isEqual(hash, sha256(key));
  }

  private static void write(Path file) throws IOException {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    String key = "ck_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try (var channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(StandardCharsets.UTF_8.encode(key + "\n"));
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
