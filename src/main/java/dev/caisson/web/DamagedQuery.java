package dev.caisson.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parameters of a query that are no text: the container refuses all of it for one. */
final class DamagedQuery {
  private DamagedQuery() {}

  /** Returns the names of such parameters, as far as those can be read; of a query as it came. */
  static List<String> names(@Nullable String query) {
    return query == null
        ? List.of()
        : Stream.of(query.split("&"))
            .filter(pair -> text(pair) == null)
            .map(pair -> text(pair.split("=", 2)[0]))
            .map(name -> name == null || name.isEmpty() ? "query" : name)
            .distinct()
            .toList();
  }

  /** Decodes a text; null if it is none. */
  private static @Nullable String text(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < encoded.length(); i++) {
      char each = encoded.charAt(i);
      if (each != '%') {
        bytes.write(each);
        continue;
      }
      int high = digit(encoded, i + 1);
      int low = digit(encoded, i + 2);
      if (high < 0 || low < 0) {
        return null;
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    try {
      // A decoder of its own refuses what a String would replace.
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static int digit(String text, int at) {
    return at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
  }
}
