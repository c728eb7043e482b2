package dev.caisson.cli.client;

import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An answer of the service.
 *
 * @param at the time of the answer, by the service's own clock; null where it does not say
 */
public record ServiceAnswer(int status, JsonNode body, @Nullable Instant at) {

  static ServiceAnswer of(HttpResponse<byte[]> response) {
    return new ServiceAnswer(response.statusCode(), Json.read(response.body()), at(response));
  }

  private static @Nullable Instant at(HttpResponse<?> response) {
    try {
      return response
          .headers()
          .firstValue("date")
          .map(text -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)))
          .orElse(null);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Returns how long ago a time was, by the service's clock: the one here may differ. */
  public String age(String then) {
    if (then.isEmpty() || at == null) {
      return "";
    }
    return span(Math.max(0, at.getEpochSecond() - Instant.parse(then).getEpochSecond()));
  }

  /** Returns how long it is until a time, by the service's clock. */
  public String left(String then) {
    if (then.isEmpty() || at == null) {
      return "";
    }
    return span(Math.max(0, Instant.parse(then).getEpochSecond() - at.getEpochSecond()));
  }

  private static String span(long seconds) {
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 7200) {
      return seconds / 60 + "m";
    }
    return seconds < 172_800 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
  }
}
