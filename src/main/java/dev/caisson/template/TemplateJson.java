package dev.caisson.template;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The form in which a template is recorded: what was not said is left out, and stays unsaid. */
final class TemplateJson {
  private static final Logger log = LoggerFactory.getLogger(TemplateJson.class);

  private final JsonMapper mapper =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .changeDefaultPropertyInclusion(
              value -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  String text(SandboxTemplate template) {
    return mapper.writeValueAsString(template);
  }

  /** Reads a template; null if it cannot be read, and its record is left where it is. */
  @Nullable SandboxTemplate read(String record) {
    try {
      return mapper.readValue(record, SandboxTemplate.class);
    } catch (JacksonException e) {
      log.atWarn().setCause(e).log("unreadable template record");
      return null;
    }
  }
}
