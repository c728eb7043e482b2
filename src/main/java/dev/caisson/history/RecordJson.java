package dev.caisson.history;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON of records in the database, in ASCII, since half a surrogate pair or a NUL is legal in a
 * label and refused by PostgreSQL. A record of a newer version reads without what is not known.
 */
final class RecordJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private RecordJson() {}

  static String text(Object value) {
    return JSON.writeValueAsString(value);
  }

  static JsonNode tree(Object value) {
    return value instanceof String text ? JSON.readTree(text) : JSON.valueToTree(value);
  }

  static <T> T read(String text, Class<T> type) {
    return JSON.readValue(text, type);
  }

  static long micros(Instant at) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
