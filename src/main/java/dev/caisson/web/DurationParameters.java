package dev.caisson.web;

import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.time.Duration;
import org.springdoc.core.customizers.ParameterCustomizer;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ValueConstants;

/** The durations in a query, which are ISO 8601, as is what holds where none is given. */
@Component
final class DurationParameters implements ParameterCustomizer {

  @Override
  public Parameter customize(Parameter parameter, MethodParameter method) {
    if (parameter == null || method.getParameterType() != Duration.class) {
      return parameter;
    }
    Schema<?> schema = new StringSchema().format("duration");
    RequestParam said = method.getParameterAnnotation(RequestParam.class);
    if (said != null && !said.defaultValue().equals(ValueConstants.DEFAULT_NONE)) {
      schema.setDefault(said.defaultValue());
    }
    return parameter.schema(schema);
  }
}
