package dev.caisson.web;

import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The records of which the schemas of the contract were made: they say more. */
@Component
final class RecordSchemas implements ModelConverter {
  private final Map<String, Class<?>> records = new ConcurrentSkipListMap<>();

  /** Returns the records, by the names of their schemas. */
  Map<String, Class<?>> byName() {
    return records;
  }

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    if (!chain.hasNext()) {
      return null;
    }
    Schema<?> schema = chain.next().resolve(type, context, chain);
    Class<?> raw =
        switch (type.getType()) {
          case Class<?> plain -> plain;
          case JavaType known -> known.getRawClass();
          case null, default -> Object.class;
        };
    if (schema != null && raw.isRecord()) {
      String name = schema.get$ref() == null ? schema.getName() : Refs.name(schema);
      if (name != null) {
        records.put(name, raw);
      }
    }
    return schema;
  }
}
