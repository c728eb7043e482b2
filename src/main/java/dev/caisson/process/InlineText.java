package dev.caisson.process;

/** Which part of a stream's text an answer carries, where all of it is longer than an answer's. */
public enum InlineText {
  /** The first MiB of what is kept. */
  HEAD,
  /** The last MiB. */
  TAIL,
  /** The first and the last half MiB, with a mark between them. */
  BOTH;

  /** What is carried where nothing is said. */
  public static final String USUAL = "BOTH";

  /** What the parameter is for. */
  public static final String DESCRIPTION =
      "What `text` has of a stream that is longer than 1 MiB: its HEAD, its TAIL, or BOTH with a"
          + " mark between that says how many bytes are left out.";
}
