package dev.caisson.web;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.springframework.core.convert.converter.Converter;
import org.springframework.stereotype.Component;

/**
 * The converter of durations in queries: ISO 8601, not negative, and no longer than a hundred
 * years, so that whatever is reckoned with them in nanoseconds or as a time to come does not
 * overflow.
 */
@Component
final class QueryDurations implements Converter<String, Duration> {
  static final String FORM = "must be a duration from PT0S to P36500D, such as PT5S";

  private static final Duration LONGEST = Duration.ofDays(36_500);

  @Override
  public Duration convert(String text) {
    Duration duration;
    try {
      duration = Duration.parse(text.strip());
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new IllegalArgumentException(FORM, e);
    }
    if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(FORM);
    }
    return duration;
  }
}
