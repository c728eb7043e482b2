package dev.caisson.access;

import dev.caisson.secret.Sha256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The secret that a grant's holder shows: the grant's id, by which it is looked up, and 256 random
 * bits, by which it is known. Its text form never says the secret.
 */
final class Token {
  static final String PREFIX = "cg_";

  private static final Pattern FORM = Pattern.compile(PREFIX + "([a-z2-9]{10})[A-Za-z0-9_-]{43}");

  /** The characters of an id, without the pairs people confuse (0 o, 1 l i). */
  private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

  /**
   * The form in a host name: the id, and the secret as a number of base 32, which knows no case.
   */
  private static final Pattern LABEL = Pattern.compile("([a-z2-9]{10})([0-9a-v]{52})");

  private static final int LABEL_BASE = 32;
  private static final int LABEL_SECRET = 52;

  private static final int ID = 10;
  private static final int SECRET = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;
  private final String id;

  private Token(String text, String id) {
    this.text = text;
    this.id = id;
  }

  /** Creates a new token. */
  static Token random() {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID; i++) {
      id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    byte[] secret = new byte[SECRET];
    RANDOM.nextBytes(secret);
    return new Token(text(id.toString(), secret), id.toString());
  }

  /** Parses the token in this text, if it has the form of one. */
  static Optional<Token> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches() ? Optional.of(new Token(text, form.group(1))) : Optional.empty();
  }

  /** Tells whether a text has the form of a token in a host name. */
  static boolean isLabel(String text) {
    return LABEL.matcher(text).matches();
  }

  /**
   * Returns the text form of the token that a host name has as its label; none that is known if
   * broken.
   */
  static String ofLabel(String label) {
    Matcher form = LABEL.matcher(label);
    if (!form.matches()) {
      return PREFIX;
    }
    BigInteger number = new BigInteger(form.group(2), LABEL_BASE);
    if (number.bitLength() > SECRET * Byte.SIZE) {
      return PREFIX;
    }
    byte[] bytes = number.toByteArray();
    byte[] secret = new byte[SECRET];
    // Numbers have a sign: a byte more than the secret, or fewer where that begins with zeros.
    int length = Math.min(bytes.length, SECRET);
    System.arraycopy(bytes, bytes.length - length, secret, SECRET - length, length);
    return text(form.group(1), secret);
  }

  private static String text(String id, byte[] secret) {
    return PREFIX + id + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /**
   * Returns the token as the first label of a host name: 62 characters, none of which has a case.
   */
  String label() {
    byte[] secret = Base64.getUrlDecoder().decode(text.substring(PREFIX.length() + ID));
    String number = new BigInteger(1, secret).toString(LABEL_BASE);
    return id + "0".repeat(LABEL_SECRET - number.length()) + number;
  }

  /** Returns the text that the grant's holder is given, once. */
  String secret() {
    return text;
  }

  /** Returns the id of the grant. */
  String id() {
    return id;
  }

  /** Returns the hash of the token, which alone is kept of it. */
  String hash() {
    return HexFormat.of().formatHex(digest());
  }

  /** Compares the token with what is kept, in a time that tells nothing. */
  boolean matches(String hash) {
    return MessageDigest.isEqual(digest(), HexFormat.of().parseHex(hash));
  }

  private byte[] digest() {
    return Sha256.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public String toString() {
    return PREFIX + id + "…";
  }
}
