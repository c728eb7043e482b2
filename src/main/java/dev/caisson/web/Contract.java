package dev.caisson.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.util.StringUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * The customizer that makes the contract say what is known, and springdoc does not find out: that
 * every error is a problem, what is always in an answer, which values have a name. Clients are
 * generated from it.
 */
final class Contract implements OpenApiCustomizer {
  private static final Map<String, String> EXAMPLES =
      Map.of("id", "sb-7f3k9q2m", "pid", "147", "port", "3000", "project", "shop");

  /** The line of a server-sent event that is of the schema. */
  private static final Pattern DATA =
      Pattern.compile("(?s).*?^data: ([^\\n]*)$.*", Pattern.MULTILINE);

  private final RecordSchemas records;

  private final JsonMapper json;

  Contract(RecordSchemas records, JsonMapper json) {
    this.records = records;
    this.json = json;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public void customise(OpenAPI api) {
    Map<String, Schema> schemas = api.getComponents().getSchemas();
    schemas.put("Problem", ProblemSchema.problem());
    schemas.put("ProblemField", ProblemSchema.field());
    List<Operation> operations =
        api.getPaths().values().stream().flatMap(path -> path.readOperations().stream()).toList();
    operations.forEach(Contract::problems);
    operations.forEach(Contract::parameters);
    operations.forEach(operation -> streams(operation, schemas));

    EnumSchemas enums = new EnumSchemas(api);
    Set<String> asked = Refs.reached(requests(operations), schemas);
    records
        .byName()
        .forEach((name, record) -> {
          Schema<?> schema = schemas.get(name);
          if (schema != null) {
            enums.name(record, schema);
            new RecordDetails(record, !asked.contains(name)).tell(schema);
          }
        });
    enums.add();
    schemas.values().forEach(schema -> tidy(schema));
    bodies(operations)
        .forEach(body ->
            body.values().stream()
                .map(MediaType::getSchema)
                .filter(Objects::nonNull)
                .forEach(schema -> tidy(schema)));
    unused(api, operations);
    // springdoc keeps them in a set, whose order is that of their descriptions' hashes.
    api.getTags().sort(Comparator.comparing(Tag::getName));
  }

  /** Declares the problem for errors by range: clients then read it whatever the number is. */
  private static void problems(Operation operation) {
    Content problem =
        new Content()
            .addMediaType("application/problem+json", new MediaType().schema(Refs.to("Problem")));
    operation
        .getResponses()
        .forEach((status, response) -> {
          if (status.startsWith("4") || status.startsWith("5")) {
            response.setContent(problem);
          }
        });
    operation
        .getResponses()
        .addApiResponse(
            "4XX", new ApiResponse().description("The request is refused").content(problem))
        .addApiResponse(
            "5XX",
            new ApiResponse().description("The request could not be carried out").content(problem));
  }

  /** Gives the events of a stream one type with a name, or each client makes one up. */
  @SuppressWarnings("rawtypes")
  private void streams(Operation operation, Map<String, Schema> schemas) {
    Content content =
        Optional.ofNullable(operation.getResponses().get("200"))
            .map(ApiResponse::getContent)
            .orElseGet(Content::new);
    MediaType stream = content.get("text/event-stream");
    if (stream != null && stream.getSchema() != null && stream.getSchema().getOneOf() != null) {
      String name = StringUtils.capitalize(operation.getOperationId()) + "Event";
      schemas.put(name, stream.getSchema());
      stream.setSchema(Refs.to(name));
    }
    if (stream != null && stream.getExample() instanceof String wire) {
      stream.setExample(json.readValue(DATA.matcher(wire).replaceFirst("$1"), Object.class));
    }
  }

  private static void parameters(Operation operation) {
    if (operation.getParameters() == null) {
      return;
    }
    for (Parameter parameter : operation.getParameters()) {
      if (parameter.getSchema() == null) {
        parameter.setSchema(new StringSchema());
      }
      // A parameter is there or it is not.
      parameter.getSchema().setNullable(null);
      tidy(parameter.getSchema());
      if ("array".equals(parameter.getSchema().getType())
          && parameter.getExample() instanceof String one) {
        parameter.setExample(List.of(one));
      }
      if (parameter.getIn().equals("path")) {
        String example = EXAMPLES.get(parameter.getName());
        boolean number = "integer".equals(parameter.getSchema().getType());
        if (parameter.getExample() == null && example != null) {
          parameter.setExample(number ? Integer.valueOf(example) : example);
        }
        if (parameter.getName().equals("id")) {
          parameter.setDescription("Sandbox ID");
        }
      }
    }
  }

  /** Removes what springdoc repeats in the items of a list, and makes patterns whole. */
  private static void tidy(Schema<?> schema) {
    for (Schema<?> part :
        Stream.of(schema.getItems(), schema.getAdditionalProperties())
            .filter(Schema.class::isInstance)
            .map(part -> (Schema<?>) part)
            .toList()) {
      if (part.get$ref() == null) {
        part.setDescription(null);
        part.setExample(null);
        part.setExampleSetFlag(false);
      }
    }
    if (schema.getEnum() != null) {
      schema.setPattern(null);
    }
    if (schema.getPattern() != null && !schema.getPattern().startsWith("^")) {
      // A negated class takes line ends in every dialect; the flag is Java's own.
      schema.setPattern("^(?:" + schema.getPattern().replace("(?s)", "") + ")$");
    }
    if (Boolean.FALSE.equals(schema.getExclusiveMinimum())) {
      schema.setExclusiveMinimum(null);
    }
    if (Objects.equals(schema.getMinLength(), 0)) {
      schema.setMinLength(null);
    }
    if (Objects.equals(schema.getMaxLength(), Integer.MAX_VALUE)) {
      schema.setMaxLength(null);
    }
    if (Objects.equals(schema.getMinItems(), 0)) {
      schema.setMinItems(null);
    }
    Refs.parts(schema).forEach(Contract::tidy);
  }

  private static List<Content> requests(List<Operation> operations) {
    return operations.stream()
        .map(Operation::getRequestBody)
        .filter(Objects::nonNull)
        .map(body -> body.getContent())
        .filter(Objects::nonNull)
        .toList();
  }

  private static List<Content> bodies(List<Operation> operations) {
    return Stream.concat(
            requests(operations).stream(),
            operations.stream()
                .flatMap(operation -> operation.getResponses().values().stream())
                .map(ApiResponse::getContent)
                .filter(Objects::nonNull))
        .toList();
  }

  /** Removes the schemas that no request or answer uses: clients would have a class for each. */
  @SuppressWarnings("rawtypes")
  private static void unused(OpenAPI api, List<Operation> operations) {
    Map<String, Schema> schemas = api.getComponents().getSchemas();
    Set<String> used = Refs.reached(bodies(operations), schemas);
    operations.stream()
        .map(Operation::getParameters)
        .filter(Objects::nonNull)
        .flatMap(List::stream)
        .map(Contract::referred)
        .filter(Objects::nonNull)
        .forEach(used::add);
    Map<String, Schema> kept = new TreeMap<>(schemas);
    kept.keySet().retainAll(used);
    api.getComponents().setSchemas(kept);
  }

  private static @Nullable String referred(Parameter parameter) {
    Schema<?> schema = parameter.getSchema();
    return schema == null || schema.get$ref() == null ? null : Refs.name(schema);
  }
}
