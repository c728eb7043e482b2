package dev.caisson.web;

import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.converter.HttpMessageConverters.ServerBuilder;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The reading of a request's JSON: in the one way that leaves no room for another, and not beyond
 * what any request needs. What comes from elsewhere is read by Boot's own mapper.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
final class RequestJson implements ServerHttpMessageConvertersCustomizer {
  private static final StreamReadConstraints BOUNDS =
      StreamReadConstraints.builder()
          .maxNestingDepth(64)
          .maxNumberLength(64)
          .maxNameLength(32 << 10)
          // Each is an object of some fifty bytes, whatever it takes in the body.
          .maxTokenCount(200_000)
          .build();

  private final JsonMapper mapper;

  RequestJson(List<JsonMapperBuilderCustomizer> customizers) {
    JsonMapper.Builder builder =
        JsonMapper.builder(JsonFactory.builder().streamReadConstraints(BOUNDS).build());
    customizers.forEach(customizer -> customizer.customize(builder));
    this.mapper =
        builder
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            // No map or list of a request has a use for null.
            .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
            .addModule(
                new SimpleModule("whole texts").addDeserializer(String.class, new WholeText()))
            .build();
  }

  @Override
  public void customize(ServerBuilder builder) {
    builder.withJsonConverter(new WholeJson(mapper));
  }

  /**
   * The reader of a text of whole characters: half of a pair cannot be written as UTF-8, and would
   * change.
   */
  private static final class WholeText extends StringDeserializer {
    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return (String) context.handleUnexpectedToken(getValueType(context), parser);
      }
      String text = super.deserialize(parser, context);
      if (text != null && text.codePoints().anyMatch(WholeText::isHalf)) {
        throw new IllegalArgumentException("must not contain half of a surrogate pair");
      }
      return text;
    }

    private static boolean isHalf(int point) {
      return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
  }
}
