package dev.caisson.docker;

import dev.caisson.process.ProcessException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Names and values in a header, as base64 of a JSON object, which is how Docker's own API has them:
 * for a request whose body is something else.
 */
public final class HeaderValues {
  private static final TypeReference<Map<String, @Nullable String>> TEXTS =
      new TypeReference<>() {};

  private HeaderValues() {}

  /**
   * Decodes the header's value; null where there is none.
   *
   * @throws ProcessException.Invalid if it cannot be decoded; names the header and repeats nothing
   *     of it
   */
  static @Nullable public Map<String, @Nullable String> of(
      JsonMapper json, String header, @Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      // Either of the two alphabets is accepted.
      byte[] text =
          Base64.getDecoder()
              .decode(
                  value.replace('-', '+').replace('_', '/').getBytes(StandardCharsets.US_ASCII));
      Map<String, @Nullable String> values =
          json.readerFor(TEXTS).with(StreamReadFeature.STRICT_DUPLICATE_DETECTION).readValue(text);
      if (values != null) {
        return values;
      }
    } catch (IllegalArgumentException | JacksonException e) {
      // Neither message may be shown: both quote the value.
    }
    throw new ProcessException.Invalid(
        header, "must be a JSON object of strings, encoded as base64");
  }
}
