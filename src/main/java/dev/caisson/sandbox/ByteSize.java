package dev.caisson.sandbox;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A size in bytes, read from a number or from text with a unit: {@code 512Mi}, {@code 2G}. */
public record ByteSize(@JsonValue long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*([KMGT]i?)?B?");
  private static final Map<String, Long> UNITS =
      Map.of(
          "K",
          1000L,
          "M",
          1000_000L,
          "G",
          1000_000_000L,
          "T",
          1000_000_000_000L,
          "Ki",
          1L << 10,
          "Mi",
          1L << 20,
          "Gi",
          1L << 30,
          "Ti",
          1L << 40);

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ByteSize of(Object value) {
    Matcher form = FORM.matcher(value.toString());
    if (!form.matches()) {
      throw new IllegalArgumentException("not a size: use bytes, or a unit as in 512Mi or 2Gi");
    }
    long unit = form.group(2) == null ? 1 : UNITS.getOrDefault(form.group(2), 1L);
    return new ByteSize(Math.multiplyExact(Long.parseLong(form.group(1)), unit));
  }
}
