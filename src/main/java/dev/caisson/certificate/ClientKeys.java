package dev.caisson.certificate;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Public keys that clients have made themselves, read with suspicion. */
public final class ClientKeys {
  private static final int LEAST_CURVE = 256;
  private static final int LEAST_MODULUS = 2048;
  private static final int MOST_MODULUS = 8192;

  private ClientKeys() {}

  /**
   * Reads a public key.
   *
   * @param pem as {@code openssl pkey -pubout} writes it
   * @return null if it is none, of another kind than EC or RSA, or of a size that is not trusted
   */
  public static @Nullable PublicKey read(String pem) {
    byte[] encoded;
    try {
      encoded = Pem.read(Pem.PUBLIC_KEY, pem);
    } catch (IllegalArgumentException e) {
      return null;
    }
    for (String algorithm : List.of("EC", "RSA")) {
      try {
        PublicKey key =
            KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
        return isTrusted(key) ? key : null;
      } catch (InvalidKeySpecException e) {
        // Perhaps of the other kind.
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
    return null;
  }

  private static boolean isTrusted(PublicKey key) {
    return switch (key) {
      case ECPublicKey ec -> ec.getParams().getOrder().bitLength() >= LEAST_CURVE;
      case RSAPublicKey rsa ->
          rsa.getModulus().bitLength() >= LEAST_MODULUS
              && rsa.getModulus().bitLength() <= MOST_MODULUS;
      default -> false;
    };
  }
}
