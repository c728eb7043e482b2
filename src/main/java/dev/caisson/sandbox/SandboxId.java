package dev.caisson.sandbox;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;

/** The identity of a sandbox: {@code sb-} and eight letters or digits that are not guessed. */
public record SandboxId(String value) {
  private static final Pattern FORM = Pattern.compile("sb-[a-z2-9]{8}");

  /** The letters and digits of an id, without the pairs people confuse (0 o, 1 l i). */
  private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

  private static final SecureRandom RANDOM = new SecureRandom();

  public SandboxId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a sandbox id: " + value);
    }
  }

  /** Creates a new id. */
  public static SandboxId random() {
    StringBuilder id = new StringBuilder("sb-");
    for (int i = 0; i < 8; i++) {
      id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return new SandboxId(id.toString());
  }

  /** Returns the id in this text, if it is one. */
  public static Optional<SandboxId> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new SandboxId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
