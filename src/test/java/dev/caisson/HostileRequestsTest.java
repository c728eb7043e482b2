package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/**
 * Whatever is sent to whatever the contract has: the answer is never a failure of the service. What
 * comes to the contract is in here by itself. There is no engine, which only what has passed every
 * check finds out.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Tag("slow")
class HostileRequestsTest {
  private static final String LONG = "x".repeat(5_000);

  /** In a URL, already in its encoding. */
  private static final List<String> IN_A_URL =
      List.of(
          "",
          "%00",
          "%00%ff",
          "%ff%fe",
          "%ed%a0%80",
          "%0d%0aX:%20y",
          "%1b%5b2J",
          "%7f",
          "-1",
          "0",
          "1.5",
          "1e400",
          "NaN",
          "Infinity",
          "0x10",
          "99999999999999999999",
          "9223372036854775807",
          "-9223372036854775808",
          "PT-1S",
          "PT99999999999999H",
          "P99999999999999999999D",
          "true",
          "null",
          "%7b%22a%22:1%7d",
          "%5b%5d",
          "a%2cb",
          "%F0%9F%A6%80",
          "9999-99-99T99:99:99Z",
          "%2b1000000000-12-31T23:59:59Z",
          "%24%7bx%7d",
          LONG);

  /** Of those, what is no text, or none that can be in a path. */
  private static final List<String> NO_TEXT = List.of("%00", "%00%ff", "%ff%fe", "%ed%a0%80");

  private static final List<String> IN_A_HEADER =
      List.of(
          "",
          "-1",
          "1.5",
          "99999999999999999999",
          "-9223372036854775808",
          "NaN",
          "bytes=5-1",
          "bytes=99999999999999999999-",
          "bytes=-99999999999999999999",
          "{\"a\": {\"b\": []}}",
          "{\"a\": \"b\", \"a\": \"c\"}",
          "{\"a\": \"\\u0000\"}",
          "[1",
          "%00%ff",
          "\u00ff\u0080",
          LONG);

  private static final List<String> IN_JSON =
      List.of(
          "{}",
          "[]",
          "[[[]]]",
          "{\"a\": {\"b\": [{}]}}",
          "{\"\": \"\"}",
          "{\"a\": null}",
          "{\"a\": \"b\", \"a\": \"c\"}",
          "[null]",
          "[1, \"a\", {}]",
          "null",
          "true",
          "-1",
          "0",
          "1.5",
          "1e400",
          "-1e-400",
          "NaN",
          "99999999999999999999",
          "9223372036854775807",
          "-9223372036854775808",
          "1".repeat(2_000),
          "\"\"",
          "\"\\u0000\"",
          "\"a\\u0000b\"",
          "[\"\\u0000\"]",
          "{\"\\u0000\": \"\\u0000\"}",
          "\"\\ud800\"",
          "{\"\\ud800\": \"\\udc00\"}",
          "\"\\u001b[2J\\r\\n\"",
          "\"PT-1S\"",
          "\"P99999999999999999999D\"",
          "\"PT9223372036854775807S\"",
          "\"99999999999999999999Ti\"",
          "\"999999999999999Ti\"",
          "\"" + LONG + "\"",
          "[" + "[".repeat(2_000) + "]".repeat(2_001),
          "{\"" + LONG + "\": \"" + LONG + "\"}",
          "'a'",
          "");

  /** What a value that has passed may find out: that nothing is there to do it. */
  private static final List<String> NOTHING_THERE = List.of("ENGINE_UNREACHABLE");

  @TempDir static Path home;
  @LocalServerPort int port;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<String> failures = new ArrayList<>();
  private String key = "";
  private JsonNode contract = Api.JSON.nullNode();
  private int sent;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("caisson.sandbox.home", home::toString);
    registry.add("caisson.access.admin-key-file", () -> home.resolve("admin.key"));
    registry.add("caisson.engine.host", () -> "unix://" + home.resolve("no-engine.sock"));
  }

  @BeforeEach
  void connect() throws IOException, InterruptedException {
    key = Files.readString(home.resolve("admin.key")).strip();
    contract = Api.JSON.readTree(send("GET", "/v3/api-docs", null, null).text());
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void noParameterMakesTheServiceFail() throws Exception {
    for (Operation operation : operations()) {
      for (JsonNode parameter : operation.parameters()) {
        String in = parameter.get("in").asString();
        for (String value : in.equals("header") ? IN_A_HEADER : IN_A_URL) {
          parameter(operation, parameter, value);
        }
      }
    }
    assertThat(failures).as("of %d requests", sent).isEmpty();
    assertThat(sent).isGreaterThan(4_000);
  }

  @Test
  void noBodyMakesTheServiceFail() throws Exception {
    for (Operation operation : operations()) {
      JsonNode schema = operation.body();
      if (schema != null) {
        for (String value : IN_JSON) {
          body(operation, "body", value);
          for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            property(operation, schema, property.getKey(), property.getValue(), value);
          }
        }
        twice(operation, schema);
      }
    }
    assertThat(failures).as("of %d requests", sent).isEmpty();
    assertThat(sent).isGreaterThan(4_000);
  }

  /** Without an engine, what is not refused for it gets another answer. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html | true",
        "image/*, text/plain | true",
        "no type | true",
        "*/* | false",
        "application/* | false",
        "text/html, application/json;q=0.1 | false"
      })
  void whoTakesNoJsonIsRefusedBeforeAnythingIsMade(String accept, boolean refused)
      throws Exception {
    BodyPublisher body = BodyPublishers.ofString("{}");
    Answer answer = send("POST", "/v1/sandboxes", Map.of("Accept", accept), body);
    assertThat(answer.status() == 406).as(answer.toString()).isEqualTo(refused);
  }

  @Test
  void aBodyThatIsSaidToBeTooLargeIsNotEvenBegun() throws IOException {
    String head =
        "POST /v1/sandboxes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + key
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + ((16 << 20) + 1)
            + "\r\n\r\n";
    try (RawHttp http = new RawHttp(port)) {
      RawHttp.Answer answer = http.send(head, "POST");
      assertThat(answer.status()).as(answer.body()).isEqualTo(413);
      assertThat(answer.head()).contains("application/problem+json");
      assertThat(answer.body()).contains("\"code\":\"BODY_TOO_LARGE\"", "\"most\":16777216");
    }
  }

  @Test
  void aBodyThatDoesNotSayItsSizeIsReadUpToTheBound() throws Exception {
    for (String path : List.of("/v1/sandboxes", "/v1/sandboxes/sb-aaaaaaaa/processes")) {
      for (String name : List.of("name", "labels", "x")) {
        byte[] body =
            ("{\"" + name + "\": \"" + "x".repeat((16 << 20) + 1) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        Answer answer =
            send(
                "POST",
                path,
                Map.of(),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
        // What is no field, or not of its type, is found out before.
        assertThat(answer.status).as(answer.toString()).isIn(413, 400);
        if (name.equals("name")) {
          assertThat(answer.code()).isEqualTo("BODY_TOO_LARGE");
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"labels\": {\"a\": \"b\", \"a\": \"c\"}} | labels.a | twice",
        "{\"resources\": {\"cpu\": 1, \"cpu\": 2}} | resources.cpu | twice",
        "{\"resources\": {\"cpu\": 1e400}} | resources.cpu | 1024",
        "{\"resources\": {\"pids\": 64.5}} | resources.pids | whole number",
        "{\"resources\": {\"pids\": \"64\"}} | resources.pids | whole number",
        "{\"resources\": {\"memory\": \"999999999999999Ti\"}} | resources.memory | ",
        "{\"labels\": {\"a\": null}} | labels.a | string",
        "{\"labels\": {\"a\": 1}} | labels.a | string",
        "{\"labels\": {\"a\": \"\\u0000\"}} | labels | control",
        "{\"labels\": {\"\": \"\"}} | labels | 128",
        "{\"name\": \"\\ud800\"} | name | half",
        "{\"name\": \"a\\nb\"} | name | control",
        "{\"env\": {\"A\": \"\\u0000\"}} | env | NUL",
        "{\"workdir\": \"/\\u0000\"} | workdir | absolute",
        "{\"docker\": {\"enabled\": true, \"more\": 1}} | docker.more | known",
        "{\"ttl\": \"P99999999999999999999D\"} | ttl | PT5S",
        "{\"name\": \"a\"} {} | body | object",
        "{\"pids | pids | object"
      })
  void aWrongValueIsNamedByItsPlace(String body, String field, @Nullable String word)
      throws Exception {
    Answer answer = send("POST", "/v1/sandboxes", Map.of(), BodyPublishers.ofString(body));
    assertThat(answer.status).as(answer.text).isEqualTo(400);
    if (!body.endsWith("pids")) {
      assertThat(answer.text).contains("\"field\":\"" + field + "\"");
      assertThat(answer.text).contains(word == null ? "" : word);
    }
  }

  @Test
  void labelsAndEnvironmentHaveBounds() throws Exception {
    List<Map<String, Object>> tooMuch =
        List.of(
            Map.of("labels", many(65, "v")),
            Map.of("labels", many(20, "x".repeat(1_000))),
            Map.of("labels", Map.of("a", "x".repeat(1_025))),
            Map.of("labels", Map.of("x".repeat(129), "a")),
            Map.of("env", many(1_001, "v")),
            Map.of("env", many(20, "x".repeat(60_000))));
    for (Map<String, Object> body : tooMuch) {
      Answer answer =
          send(
              "POST",
              "/v1/sandboxes",
              Map.of(),
              BodyPublishers.ofString(Api.JSON.writeValueAsString(body)));
      assertThat(answer.status).as(answer.text).isEqualTo(400);
      assertThat(answer.text).contains("\"field\":\"" + body.keySet().iterator().next() + "\"");
    }
    Answer enough =
        send(
            "POST",
            "/v1/sandboxes",
            Map.of(),
            BodyPublishers.ofString(
                Api.JSON.writeValueAsString(Map.of("labels", many(64, "x".repeat(240))))));
    assertThat(enough.code()).isEqualTo("ENGINE_UNREACHABLE");
  }

  private static Map<String, String> many(int number, String value) {
    return IntStream.range(0, number)
        .boxed()
        .collect(Collectors.toMap(each -> "n" + each, _ -> value));
  }

  @Test
  void aDamagedCursorIsNamed() throws Exception {
    for (String cursor : List.of("%00%ff", "x", "%00", "sb-AAAAAAAA")) {
      Answer answer = send("GET", "/v1/sandboxes?cursor=" + cursor, Map.of(), null);
      assertThat(answer.status).as(answer.text).isEqualTo(400);
      assertThat(answer.text).contains("\"field\":\"cursor\"");
    }
  }

  /** The value in one field, with all others that are needed; then in one that this field has. */
  private void property(
      Operation operation, JsonNode schema, String name, JsonNode property, String value)
      throws Exception {
    String others = others(schema, name);
    body(operation, name, "{" + others + "\"" + name + "\": " + value + "}");
    JsonNode inner = resolved(property);
    if (inner.has("items")) {
      body(operation, name, "{" + others + "\"" + name + "\": [" + value + "]}");
      inner = resolved(inner.get("items"));
    }
    if (inner.has("additionalProperties")) {
      body(operation, name, "{" + others + "\"" + name + "\": {\"a\": " + value + "}}");
    }
    for (Map.Entry<String, JsonNode> field : inner.path("properties").properties()) {
      String object =
          "{" + others(inner, field.getKey()) + "\"" + field.getKey() + "\": " + value + "}";
      body(operation, name, "{" + others + "\"" + name + "\": " + object + "}");
    }
  }

  /** What a reader before the service might take for the first is not for it the last. */
  private void twice(Operation operation, JsonNode schema) throws Exception {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String field = "\"" + property.getKey() + "\": null";
      Answer answer = body(operation, property.getKey(), "{" + field + ", " + field + "}");
      if (answer.status != 400 || !answer.text.contains("\"" + property.getKey() + "\"")) {
        failures.add(operation + " takes " + property.getKey() + " twice: " + answer);
      }
    }
  }

  private void parameter(Operation operation, JsonNode parameter, String value) throws Exception {
    String name = parameter.get("name").asString();
    String in = parameter.get("in").asString();
    String path = operation.address(name, value);
    if (in.equals("query")) {
      path += (path.contains("?") ? "&" : "?") + name + "=" + value;
    }
    Map<String, String> headers =
        in.equals("header") ? Map.of(name, value) : Map.of("Content-Type", operation.contentType());
    Answer answer = send(operation.method, path, headers, operation.publisher("{}"));
    // A path that is no text does not come as far as to a problem.
    if (!(in.equals("path") && NO_TEXT.contains(value) && answer.status == 400)) {
      check(operation + " " + name + "=" + shown(value), answer);
    }
    if (in.equals("query") && !isOf(resolved(parameter.get("schema")), value)) {
      if (answer.status != 400 || !answer.text.contains("\"field\":\"" + name + "\"")) {
        failures.add(operation + " does not refuse " + name + "=" + shown(value) + ": " + answer);
      }
    }
  }

  /** Whether it can be of this schema, as far as this test's values tell. */
  private static boolean isOf(JsonNode schema, String value) {
    // White space is nothing said, and NUL counts as that; 0x10 is a whole number.
    if (value.isEmpty() || value.equals("%00")) {
      return true;
    }
    if (NO_TEXT.contains(value)) {
      return false;
    }
    boolean isDuration = schema.path("format").asString("").equals("duration");
    return switch (schema.path("type").asString("")) {
      case "integer" -> value.matches("-1|0|0x10|9223372036854775807|-9223372036854775808");
      case "boolean" -> value.matches("true|0");
      default -> !schema.has("enum") && !isDuration;
    };
  }

  private Answer body(Operation operation, String what, String json) throws Exception {
    Answer answer =
        send(operation.method, operation.address("", ""), Map.of(), operation.publisher(json));
    check(operation + " " + what + " in " + shown(json), answer);
    return answer;
  }

  private void check(String what, Answer answer) {
    boolean isFine =
        answer.status < 400
            || (answer.isProblem()
                && (answer.status < 500 || NOTHING_THERE.contains(answer.code())));
    if (!isFine) {
      failures.add(what + ": " + answer);
    }
  }

  private static String shown(String text) {
    return text.length() < 200 ? text : text.substring(0, 100) + "… (" + text.length() + ")";
  }

  private List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    contract
        .get("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(method ->
                    operations.add(
                        new Operation(
                            method.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            method.getValue()))));
    return operations;
  }

  private JsonNode resolved(JsonNode schema) {
    JsonNode found = schema;
    while (found.has("$ref") || found.has("allOf")) {
      found =
          found.has("allOf")
              ? found.get("allOf").get(0)
              : contract.at(found.get("$ref").asString().substring(1));
    }
    return found;
  }

  /** The needed fields of a schema but for one, each with its comma. */
  private String others(JsonNode schema, String but) {
    StringBuilder fields = new StringBuilder();
    for (JsonNode needed : schema.path("required")) {
      String name = needed.asString();
      if (!name.equals(but)) {
        fields.append('"').append(name).append("\": ");
        fields.append(sample(resolved(schema.get("properties").get(name)))).append(", ");
      }
    }
    return fields.toString();
  }

  private String sample(JsonNode schema) {
    if (schema.has("example")) {
      return schema.get("example").toString();
    }
    if (schema.has("enum")) {
      return schema.get("enum").get(0).toString();
    }
    return switch (schema.path("type").asString()) {
      case "integer", "number" -> "1";
      case "boolean" -> "true";
      case "array" -> "[]";
      case "object" -> "{" + others(schema, "").replaceFirst(", $", "") + "}";
      default -> "\"a\"";
    };
  }

  /** An operation as the contract has it. */
  private final class Operation {
    final String method;
    private final String path;
    private final JsonNode said;

    Operation(String method, String path, JsonNode said) {
      this.method = method;
      this.path = path;
      this.said = said;
    }

    List<JsonNode> parameters() {
      return said.path("parameters").valueStream().toList();
    }

    @Nullable JsonNode body() {
      JsonNode schema = said.at("/requestBody/content/application~1json/schema");
      return schema.isMissingNode() ? null : resolved(schema);
    }

    /** Its address with this in one place of the path, and what else is needed of the query. */
    String address(String name, String value) {
      String address = path.replace("/**", "/_ping");
      String query = "";
      for (JsonNode parameter : parameters()) {
        String each = parameter.get("name").asString();
        JsonNode example = parameter.path("example");
        String sample =
            URLEncoder.encode(
                example.isValueNode() ? example.asString() : "1", StandardCharsets.UTF_8);
        if (parameter.get("in").asString().equals("path")) {
          address = address.replace("{" + each + "}", each.equals(name) ? value : sample);
        } else if (parameter.get("in").asString().equals("query")
            && !each.equals(name)
            && parameter.path("required").asBoolean()) {
          query += (query.isEmpty() ? "?" : "&") + each + "=" + sample;
        }
      }
      return address + query;
    }

    @Nullable BodyPublisher publisher(String json) {
      return said.has("requestBody") ? BodyPublishers.ofString(json) : null;
    }

    /** What its parameters belong to, where it takes more than JSON. */
    String contentType() {
      return said.at("/requestBody/content").propertyNames().stream()
          .filter(type -> !type.equals("application/json"))
          .findFirst()
          .orElse("application/json");
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /** What came back; of a stream only that it began. */
  private record Answer(int status, String type, String text) {
    boolean isProblem() {
      return type.startsWith("application/problem+json") && !code().isEmpty();
    }

    String code() {
      return type.contains("json") ? Api.JSON.readTree(text).path("code").asString() : "";
    }

    @Override
    public String toString() {
      return status + " " + type + " " + shown(text);
    }
  }

  private Answer send(
      String method,
      String path,
      @Nullable Map<String, String> headers,
      @Nullable BodyPublisher body)
      throws IOException, InterruptedException {
    sent++;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofMinutes(1))
            .header("Authorization", "Bearer " + key)
            .header("Prefer", "respond-async")
            .method(method, body == null ? BodyPublishers.noBody() : body);
    if (body != null) {
      request.setHeader("Content-Type", "application/json");
    }
    if (headers != null) {
      headers.forEach(request::setHeader);
    }
    HttpResponse<InputStream> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    String type = answer.headers().firstValue("Content-Type").orElse("");
    try (InputStream stream = answer.body()) {
      String text =
          type.contains("json") ? new String(stream.readAllBytes(), StandardCharsets.UTF_8) : "";
      return new Answer(answer.statusCode(), type, text);
    }
  }
}
