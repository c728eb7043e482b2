package dev.caisson.web;

import java.util.Locale;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.format.FormatterRegistry;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The converter of constants in queries, in capital letters, as they are documented, or in small
 * ones.
 */
@Component
@SuppressWarnings("rawtypes")
final class QueryEnums implements ConverterFactory<String, Enum>, WebMvcConfigurer {

  @Override
  public void addFormatters(FormatterRegistry registry) {
    registry.addConverterFactory(this);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <E extends Enum> Converter<String, E> getConverter(Class<E> type) {
    return text -> (E) Enum.valueOf(type, text.strip().toUpperCase(Locale.ROOT));
  }
}
