package dev.caisson.process;

import dev.caisson.secret.Sha256;
import dev.caisson.supervisor.wire.Codec;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Idempotency-Key} of a start. The supervisor itself remembers it with the process, so
 * that a start is repeated safely whatever became of the service in between.
 */
public final class StartKey {
  public static final String HEADER = "Idempotency-Key";
  public static final String DESCRIPTION =
      "Key that makes it safe to repeat the start: while the process is kept, the same request with"
          + " the same key is answered with the same process, another request with 422.";

  private static final Pattern FORM = Pattern.compile("[!-~]{1,255}");

  private StartKey() {}

  /** Returns the start under this key, if there is one. */
  public static Request.Start under(@Nullable String key, Request.Start start) {
    if (key == null) {
      return start;
    }
    if (!FORM.matcher(key).matches()) {
      throw new ProcessException.Invalid(HEADER, "must be 1 to 255 visible ASCII characters");
    }
    return start.under(new Request.Once(key, fingerprint(start)));
  }

  /**
   * Returns a hash of the start. It is kept in the memory of the supervisor alone, which has the
   * environment's values anyway.
   */
  private static String fingerprint(Request.Start start) {
    try {
      return Sha256.hex(Codec.encodeRecord(start));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
