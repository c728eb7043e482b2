package dev.caisson.certificate;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text form of keys and certificates (RFC 7468). */
final class Pem {
  static final String CERTIFICATE = "CERTIFICATE";
  static final String PRIVATE_KEY = "PRIVATE KEY";
  static final String PUBLIC_KEY = "PUBLIC KEY";

  private static final int COLUMNS = 64;

  private Pem() {}

  static String write(String label, byte[] content) {
    Base64.Encoder lines = Base64.getMimeEncoder(COLUMNS, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, lines.encodeToString(content), label);
  }

  /**
   * Reads the first part of this label in a text.
   *
   * @throws IllegalArgumentException if there is none, or a broken one; its message quotes nothing
   */
  static byte[] read(String label, String text) {
    Matcher found =
        Pattern.compile(
                "-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]*)-----END " + label + "-----")
            .matcher(text);
    if (!found.find()) {
      throw new IllegalArgumentException("no " + label);
    }
    try {
      return Base64.getDecoder().decode(found.group(1).replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a malformed " + label);
    }
  }
}
