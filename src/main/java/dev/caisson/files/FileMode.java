package dev.caisson.files;

import org.jspecify.annotations.Nullable;

/** Permission bits, as octal digits at the HTTP edge. */
final class FileMode {
  /** The mode that was not given: the bits stay as they are, or as they would be. */
  static final int UNSAID = -1;

  static final String FORM = "[0-7]{3,5}";

  private FileMode() {}

  static int parse(@Nullable String mode) {
    if (mode == null) {
      return UNSAID;
    }
    if (!mode.matches(FORM) || Integer.parseInt(mode, 8) > 07777) {
      throw new FileException.Invalid("mode", "must be octal, such as 0644");
    }
    return Integer.parseInt(mode, 8);
  }

  static String text(int mode) {
    return String.format("%04o", mode & 07777);
  }
}
