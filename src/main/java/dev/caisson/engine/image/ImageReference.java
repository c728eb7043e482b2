package dev.caisson.engine.image;

import dev.caisson.sandbox.EngineErrorCode;
import dev.caisson.sandbox.EngineException;
import java.util.regex.Pattern;

/**
 * The name of an image as the engine understands it, with a tag or a digest. Checked, since it
 * becomes part of an address.
 */
public record ImageReference(String value) {
  private static final String HOST = "(?:[A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9A-Fa-f:]+])(?::\\d+)?";
  private static final String PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
  private static final String TAG = "\\w[\\w.-]{0,127}";
  private static final String DIGEST = "sha256:[0-9a-f]{64}";
  private static final int LONGEST = 512;

  private static final Pattern FORM =
      Pattern.compile(
          "(?<name>(?:%s/)?%s(?:/%s)*)(?<tag>:%s)?(?<digest>@%s)?"
              .formatted(HOST, PART, PART, TAG, DIGEST));
  private static final Pattern ID = Pattern.compile(DIGEST);

  public ImageReference {
    if (value.length() > LONGEST
        || !(FORM.matcher(value).matches() || ID.matcher(value).matches())) {
      throw new EngineException.NoImage(
          EngineErrorCode.NO_SUCH_IMAGE,
          value,
          "\"" + value + "\" is not the name of an image, such as registry/name:tag",
          null);
    }
  }

  /** Parses what a caller wrote; adds {@code :latest} if that names neither tag nor digest. */
  public static ImageReference parse(String text) {
    ImageReference reference = new ImageReference(text.strip());
    var parts = FORM.matcher(reference.value);
    boolean plain =
        !ID.matcher(reference.value).matches()
            && parts.matches()
            && parts.group("tag") == null
            && parts.group("digest") == null;
    return plain ? new ImageReference(reference.value + ":latest") : reference;
  }

  /** Returns the name without tag and digest. */
  public String name() {
    var parts = FORM.matcher(value);
    return parts.matches() && !isId() ? parts.group("name") : value;
  }

  /**
   * Returns the registry as it is written; {@code docker.io} if it does not say. Read as the engine
   * reads it: what is before the first slash is a registry if no image could be called that.
   */
  String registry() {
    String name = name();
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    return first.matches(".*[.:A-Z].*") || first.equals("localhost") ? first : RegistryHost.HUB;
  }

  /** Returns whether this is the id of an image, which no registry knows. */
  boolean isId() {
    return ID.matcher(value).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
