package dev.caisson.process;

/**
 * The part of a stream's text that an answer carries, where the text is longer than an answer may
 * be.
 */
public enum InlineText {
  /** The first MiB of what is kept. */
  HEAD,
  /** The last MiB. */
  TAIL,
  /** The first and the last half MiB, with a mark between them. */
  BOTH;

  /** The part that is carried where the request names none. */
  public static final String USUAL = "BOTH";

  /** The description of the parameter. */
  public static final String DESCRIPTION =
      "Part of a stream longer than 1 MiB that the field `text` contains: its HEAD, its TAIL, or"
          + " BOTH with a mark between them that says how many bytes are left out.";
}
