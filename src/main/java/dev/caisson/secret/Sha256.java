package dev.caisson.secret;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hash function SHA-256, which every Java runtime has. */
public final class Sha256 {
  /**
   * The digest that each use copies: looking one up by its name takes longer than the hash of a
   * key.
   */
  private static final MessageDigest UNUSED = find();

  private Sha256() {}

  /** Returns the hash of these bytes. */
  public static byte[] of(byte[] bytes) {
    try {
      return ((MessageDigest) UNUSED.clone()).digest(bytes);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the hash of these bytes in hexadecimal. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(of(bytes));
  }

  private static MessageDigest find() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
