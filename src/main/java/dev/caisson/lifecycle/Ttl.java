package dev.caisson.lifecycle;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * A ttl as it was said: JSON can leave it out, say null, or say how long. Left out, there is no
 * {@code Ttl} at all; null is a life without end.
 */
@JsonDeserialize(using = Ttl.Reader.class)
public record Ttl(@JsonValue @Nullable Duration life) {

  boolean isPositive() {
    return life == null || life.isPositive();
  }

  /** A reader that tells null from left out, which Jackson's own Optional does not. */
  static final class Reader extends ValueDeserializer<Ttl> {
    @Override
    public Ttl deserialize(JsonParser parser, DeserializationContext context) {
      return new Ttl(context.readValue(parser, Duration.class));
    }

    @Override
    public Ttl getNullValue(DeserializationContext context) {
      return new Ttl(null);
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return null;
    }
  }
}
