package dev.caisson.process;

import dev.caisson.secret.Sha256;
import dev.caisson.supervisor.wire.Codec;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;

/**
 * The {@code Idempotency-Key} of a start, which a handler asks for by this type. The supervisor
 * itself remembers it with the process, so that a start is repeated safely whatever became of the
 * service in between.
 *
 * @param value null where the request has none
 */
@ParameterObject
public record StartKey(
    @Parameter(
            name = StartKey.HEADER,
            in = ParameterIn.HEADER,
            description =
                "Key that makes it safe to repeat the start: while the process is kept, the same"
                    + " request with the same key is answered with the same process, another"
                    + " request with 422.")
        @Nullable String value) {

  static final String HEADER = "Idempotency-Key";

  private static final Pattern FORM = Pattern.compile("[!-~]{1,255}");

  /** Returns the start under this key, if there is one. */
  public Request.Start under(Request.Start start) {
    if (value == null) {
      return start;
    }
    if (!FORM.matcher(value).matches()) {
      throw new ProcessException.Invalid(HEADER, "must be 1 to 255 visible ASCII characters");
    }
    return start.under(new Request.Once(value, fingerprint(start)));
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
