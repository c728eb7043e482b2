package dev.caisson.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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

  /** Without the pairs people confuse (0 o, 1 l i). */
  private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

  private static final int ID = 10;
  private static final int SECRET = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;
  private final String id;

  private Token(String text, String id) {
    this.text = text;
    this.id = id;
  }

  /** A new one. */
  static Token random() {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID; i++) {
      id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    byte[] secret = new byte[SECRET];
    RANDOM.nextBytes(secret);
    String text = PREFIX + id + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    return new Token(text, id.toString());
  }

  /** The token in this text, if it has the form of one. */
  static Optional<Token> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches() ? Optional.of(new Token(text, form.group(1))) : Optional.empty();
  }

  /** What its holder is given, once. */
  String secret() {
    return text;
  }

  /** Of the grant. */
  String id() {
    return id;
  }

  /** What is kept of it. */
  String hash() {
    return HexFormat.of().formatHex(digest());
  }

  /** Compares with what is kept, in a time that tells nothing. */
  boolean matches(String hash) {
    return MessageDigest.isEqual(digest(), HexFormat.of().parseHex(hash));
  }

  private byte[] digest() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return PREFIX + id + "…";
  }
}
