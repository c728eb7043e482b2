package dev.caisson.registry;

import dev.caisson.sandbox.SandboxProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
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
final class SealKeys {
  private static final int BYTES = 32;
  private static final int ID_CHARACTERS = 8;

  private final Map<String, SecretKey> keys = new LinkedHashMap<>();

  @Autowired
  SealKeys(SandboxProperties properties) {
    this(properties.home().resolve("registries.key"));
  }

  SealKeys(Path file) {
    try {
      if (!Files.exists(file)) {
        make(file);
      }
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank()) {
          byte[] key = HexFormat.of().parseHex(line.strip());
          if (key.length != BYTES) {
            throw new IllegalStateException(file + " must hold keys of 64 hexadecimal digits");
          }
          keys.put(id(key), new SecretKeySpec(key, "AES"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or make " + file, e);
    } catch (IllegalArgumentException e) {
      // Its message would quote the key.
      throw new IllegalStateException(file + " must hold keys of 64 hexadecimal digits");
    }
    if (keys.isEmpty()) {
      throw new IllegalStateException(file + " holds no key");
    }
  }

  /** The name of the key that seals. */
  String first() {
    return keys.keySet().iterator().next();
  }

  @Nullable SecretKey get(String id) {
    return keys.get(id);
  }

  private static String id(byte[] key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
      return HexFormat.of().formatHex(hash).substring(0, ID_CHARACTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void make(Path file) throws IOException {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    Path home = file.toAbsolutePath().getParent();
    Files.createDirectories(home);
    Path part =
        Files.createTempFile(
            home,
            "registries",
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var channel = Files.newByteChannel(part, Set.of(StandardOpenOption.WRITE))) {
      channel.write(
          ByteBuffer.wrap(
              (HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII)));
    }
    try {
      // A half-written key would be believed for ever: whole or not at all.
      Files.move(part, file);
    } catch (FileAlreadyExistsException e) {
      Files.delete(part);
    }
  }
}
