package dev.caisson.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds an answer against the committed contract: its status, its media type, and its JSON, in
 * which there may be no field that the contract does not name.
 */
final class AnswerCheck {
  private static final AnswerCheck CONTRACT = new AnswerCheck(Path.of("openapi", "caisson.yaml"));

  /** What a sandbox answers itself is passed on as it is. */
  private static final List<String> PASSED_ON = List.of("passToPort", "dockerEngine");

  private final JsonNode api;
  private final JsonNode components;
  private final List<Route> routes = new ArrayList<>();
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private record Route(Pattern pattern, int variables, JsonNode methods) {}

  private AnswerCheck(Path contract) {
    try {
      api = Api.JSON.valueToTree(new Yaml().load(Files.readString(contract)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ObjectNode made = Api.JSON.createObjectNode();
    api.at("/components/schemas")
        .properties()
        .forEach(schema -> made.set(schema.getKey(), JsonSchemas.of(schema.getValue())));
    components = made;
    api.get("paths")
        .properties()
        .forEach(path -> {
          String regex =
              path.getKey()
                  .replace("/**", "/.*")
                  .replace("{path}", ".*")
                  .replaceAll("\\{[^}]+}", "[^/]+");
          int variables = path.getKey().split("[{*]", -1).length;
          routes.add(new Route(Pattern.compile(regex), variables, path.getValue()));
        });
    routes.sort(Comparator.comparingInt(Route::variables));
  }

  /** Fails where the contract says otherwise. */
  static void check(
      String method, String path, int status, @Nullable String contentType, byte[] body) {
    if (path.startsWith("/v1/") && !path.startsWith("/v1/docker/")) {
      CONTRACT.answered(method, path, status, contentType, body);
    }
  }

  private void answered(
      String method, String path, int status, @Nullable String contentType, byte[] body) {
    String what = method + " " + path + " answered " + status;
    List<JsonNode> operations =
        routes.stream()
            .filter(route -> route.pattern().matcher(path).matches())
            .map(Route::methods)
            .toList();
    if (operations.stream().anyMatch(AnswerCheck::passedOn)) {
      return;
    }
    JsonNode operation =
        operations.stream()
            .map(methods -> methods.path(method.toLowerCase(Locale.ROOT)))
            .filter(JsonNode::isObject)
            .findFirst()
            .orElse(null);
    if (operation == null) {
      assertThat(status).as(what + ", and is not in the contract").isBetween(400, 499);
      // A path that Tomcat refuses to read is answered by Tomcat.
      if (contentType != null && contentType.contains("json")) {
        JsonNode problem = Api.JSON.createObjectNode().put("$ref", "#/components/schemas/Problem");
        hold(what, "Problem", problem, body);
      }
      return;
    }
    String name = operation.get("operationId").asString();
    JsonNode responses = operation.get("responses");
    String said =
        responses.has(Integer.toString(status)) ? Integer.toString(status) : status / 100 + "XX";
    assertThat(responses.has(said)).as(what + ", of which the contract says nothing").isTrue();
    JsonNode content = responses.get(said).path("content");
    if (content.isEmpty()) {
      return;
    }
    String type = contentType == null ? "" : contentType.replaceFirst(";.*", "").strip();
    assertThat(content.has(type))
        .as("%s with %s, the contract has %s", what, type, content)
        .isTrue();
    if (type.endsWith("json")) {
      hold(what, name + said, content.get(type).get("schema"), body);
    }
  }

  private static boolean passedOn(JsonNode methods) {
    return methods
        .valueStream()
        .anyMatch(operation -> PASSED_ON.contains(operation.path("operationId").asString("")));
  }

  private void hold(String what, String name, JsonNode wanted, byte[] body) {
    Schema schema =
        schemas.computeIfAbsent(
            name,
            _ -> {
              ObjectNode whole = Api.JSON.createObjectNode();
              whole.set("$defs", components);
              whole.putArray("allOf").add(JsonSchemas.of(wanted));
              return registry.getSchema(whole);
            });
    try {
      assertThat(schema.validate(Api.JSON.readTree(body)))
          .as(() -> what + ": " + new String(body, java.nio.charset.StandardCharsets.UTF_8))
          .isEmpty();
    } catch (JacksonException e) {
      throw new AssertionError(what + " with what is no JSON", e);
    }
  }
}
