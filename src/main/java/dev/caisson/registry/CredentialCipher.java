package dev.caisson.registry;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.springframework.stereotype.Component;

/**
 * The cipher that makes of a credential a text which only this service can open, and only as that
 * of its registry: {@code 1.KEY.BYTES}, the name of the key and, in base64, a nonce of 12 bytes
 * with what AES-256-GCM made of {@code username NUL secret}.
 */
@Component
final class CredentialCipher {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final String FORMAT = "1";

  private final SecureRandom random = new SecureRandom();
  private final CredentialKeys keys;

  CredentialCipher(CredentialKeys keys) {
    this.keys = keys;
  }

  /**
   * A credential that was sealed under a key that is not here, for another registry, or was
   * changed.
   */
  static final class BrokenException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenException(String message) {
      super(message);
    }
  }

  String seal(RegistryName registry, RegistryCredential credential) {
    String id = keys.first();
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    String plain = credential.username() + '\0' + credential.secret();
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key(id), nonce, registry)
              .doFinal(plain.getBytes(StandardCharsets.UTF_8));
      byte[] both = Arrays.copyOf(nonce, NONCE + sealed.length);
      System.arraycopy(sealed, 0, both, NONCE, sealed.length);
      return FORMAT + "." + id + "." + Base64.getEncoder().encodeToString(both);
    } catch (GeneralSecurityException | BrokenException e) {
      throw new IllegalStateException("the JDK cannot encrypt", e);
    }
  }

  RegistryCredential open(RegistryName registry, String sealed) throws BrokenException {
    String[] parts = sealed.split("\\.", -1);
    if (parts.length != 3 || !parts[0].equals(FORMAT)) {
      throw new BrokenException("it has another format");
    }
    try {
      byte[] both = Base64.getDecoder().decode(parts[2]);
      byte[] nonce = Arrays.copyOf(both, NONCE);
      byte[] plain =
          cipher(Cipher.DECRYPT_MODE, key(parts[1]), nonce, registry)
              .doFinal(both, NONCE, both.length - NONCE);
      String text = new String(plain, StandardCharsets.UTF_8);
      int end = text.indexOf('\0');
      return new RegistryCredential(text.substring(0, end), text.substring(end + 1));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new BrokenException("it cannot be decrypted with key " + parts[1]);
    }
  }

  /**
   * Tells whether a credential was sealed under a key that only opens, and should be sealed anew.
   */
  boolean isOld(String sealed) {
    return !sealed.startsWith(FORMAT + "." + keys.first() + ".");
  }

  private SecretKey key(String id) throws BrokenException {
    SecretKey key = keys.get(id);
    if (key == null) {
      throw new BrokenException("its key " + id + " is not in registries.key");
    }
    return key;
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, RegistryName registry)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    // One that is moved to another registry's row must not open: it would be sent there.
    cipher.updateAAD(registry.value().getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
