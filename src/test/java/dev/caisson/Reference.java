package dev.caisson;

import dev.caisson.it.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/** The contract as a page to read: what can be asked, by subject, then what it is asked with. */
final class Reference {
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");
  private static final String SCHEMA = "#/components/schemas/";

  private final Map<String, Object> contract;
  private final StringBuilder page = new StringBuilder();

  private Reference(Map<String, Object> contract) {
    this.contract = contract;
  }

  /** The page for this contract. */
  static String of(Path file) throws IOException {
    return new Reference(new Yaml().<Map<String, Object>>load(Files.readString(file))).write();
  }

  private String write() {
    line("# Reference");
    line("");
    line(
        "Made from [openapi/caisson.yaml](../openapi/caisson.yaml) by `ReferenceTest`; not written"
            + " by hand. Every call needs `Authorization: Bearer KEY`. Every error is"
            + " `application/problem+json`, a [Problem](#problem) with one of [these"
            + " codes](errors.md). What goes over the WebSockets is in [attach](../openapi/attach.md) and [tunnel](../openapi/tunnel.md).");
    Map<String, List<Operation>> subjects = subjects();
    line("");
    line(
        subjects.keySet().stream()
            .map(subject -> "[" + subject + "](#" + anchor(subject) + ")")
            .collect(Collectors.joining(" · ")));
    Map<String, String> about = new LinkedHashMap<>();
    for (Object tag : list(contract, "tags")) {
      about.put(text(map(tag), "name"), text(map(tag), "description"));
    }
    subjects.forEach((subject, operations) -> {
      line("");
      line("## " + subject);
      if (!about.getOrDefault(subject, "").isEmpty()) {
        line("");
        line(about.getOrDefault(subject, ""));
      }
      operations.forEach(this::operation);
    });
    line("");
    line("## What is sent and answered");
    new TreeMap<>(map(map(contract, "components"), "schemas")).forEach(this::schema);
    return page.toString();
  }

  /** One call. */
  private record Operation(String method, String path, Map<String, Object> said) {}

  private Map<String, List<Operation>> subjects() {
    Map<String, List<Operation>> subjects = new TreeMap<>();
    map(contract, "paths")
        .forEach((path, methods) -> {
          for (String method : METHODS) {
            Map<String, Object> said = map(map(methods), method);
            if (!said.isEmpty()) {
              List<Object> tags = list(said, "tags");
              String subject = tags.isEmpty() ? "Others" : String.valueOf(tags.getFirst());
              subjects
                  .computeIfAbsent(subject, _ -> new ArrayList<>())
                  .add(new Operation(method.toUpperCase(Locale.ROOT), path, said));
            }
          }
        });
    return subjects;
  }

  private void operation(Operation operation) {
    Map<String, Object> said = operation.said();
    line("");
    line("### " + operation.method() + " " + operation.path());
    line("");
    String summary = text(said, "summary");
    line(
        "**"
            + (summary.isEmpty() ? text(said, "operationId") : summary)
            + ".**"
            + spaced(text(said, "description"))
            + " `"
            + text(said, "operationId")
            + "`");
    List<String> details = new ArrayList<>();
    for (Object each : list(said, "parameters")) {
      Map<String, Object> parameter = map(each);
      if (!text(parameter, "in").equals("path") || !text(parameter, "description").isEmpty()) {
        details.add(
            "* `"
                + text(parameter, "name")
                + "` ("
                + text(parameter, "in")
                + ") "
                + parts(
                    type(map(parameter, "schema")),
                    bounds(map(parameter, "schema")),
                    text(parameter, "description"),
                    example(parameter)));
      }
    }
    String body = content(map(said, "requestBody"));
    if (!body.isEmpty()) {
      details.add("* sent: " + body);
    }
    map(said, "responses")
        .forEach((status, each) -> {
          Map<String, Object> answer = map(each);
          String what = content(answer);
          String why = text(answer, "description");
          if (!status.equals("default")) {
            details.add("* " + status + ": " + parts(what, why.equals("OK") ? "" : why));
          }
        });
    if (!details.isEmpty()) {
      line("");
      details.forEach(this::line);
    }
  }

  private void schema(String name, Object value) {
    Map<String, Object> schema = map(value);
    line("");
    line("### " + name);
    if (!text(schema, "description").isEmpty()) {
      line("");
      line(text(schema, "description"));
    }
    line("");
    Map<String, Object> properties = map(schema, "properties");
    if (properties.isEmpty()) {
      line(parts(type(schema), bounds(schema)));
      return;
    }
    line("| field | | |");
    line("| --- | --- | --- |");
    List<Object> required = list(schema, "required");
    properties.forEach((field, each) -> {
      Map<String, Object> property = map(each);
      line(
          "| `"
              + field
              + "`"
              + (required.contains(field) ? " *" : "")
              + " | "
              + cell(parts(type(property), bounds(property)))
              + " | "
              + cell(parts(text(property, "description"), example(property)))
              + " |");
    });
  }

  /** Media type and schema of what is sent or answered. */
  private String content(Map<String, Object> holder) {
    return map(holder, "content").entrySet().stream()
        .map(each -> {
          String type = type(map(map(each.getValue()), "schema"));
          return each.getKey().equals("application/json")
              ? type
              : parts(type, "`" + each.getKey() + "`");
        })
        .distinct()
        .collect(Collectors.joining(" or "));
  }

  private String type(Map<String, Object> schema) {
    String reference = text(schema, "$ref");
    if (reference.startsWith(SCHEMA)) {
      String name = reference.substring(SCHEMA.length());
      // The second heading of a name gets a number.
      String number = subjects().containsKey(name) ? "-1" : "";
      return "[" + name + "](#" + anchor(name) + number + ")";
    }
    for (String choice : List.of("oneOf", "anyOf", "allOf")) {
      List<Object> choices = list(schema, choice);
      if (!choices.isEmpty()) {
        return choices.stream()
            .map(each -> type(map(each)))
            .collect(Collectors.joining(choice.equals("allOf") ? " with " : ", or "));
      }
    }
    List<Object> names = list(schema, "enum");
    if (!names.isEmpty()) {
      return names.stream().map(each -> "`" + each + "`").collect(Collectors.joining(" "));
    }
    Object type = schema.get("type");
    String word =
        type instanceof List<?> several
            ? several.stream().map(String::valueOf).collect(Collectors.joining(" or "))
            : type == null ? "" : String.valueOf(type);
    if (word.startsWith("array")) {
      return "list of " + type(map(schema, "items"));
    }
    if (word.startsWith("object") && !map(schema, "additionalProperties").isEmpty()) {
      return "names to " + type(map(schema, "additionalProperties"));
    }
    return text(schema, "format").equals("binary") ? "bytes" : word;
  }

  private static String bounds(Map<String, Object> schema) {
    List<String> bounds = new ArrayList<>();
    String format = text(schema, "format");
    if (format.equals("date-time")) {
      bounds.add("RFC 3339");
    }
    if (schema.containsKey("minimum") || schema.containsKey("maximum")) {
      bounds.add(text(schema, "minimum") + "…" + text(schema, "maximum"));
    }
    if (schema.containsKey("default")) {
      bounds.add("default `" + text(schema, "default") + "`");
    }
    return String.join(", ", bounds);
  }

  private static String example(Map<String, Object> holder) {
    Object example = holder.get("example");
    if (example == null || !list(holder, "enum").isEmpty()) {
      return "";
    }
    String shown =
        example instanceof Map || example instanceof List
            ? Api.JSON.writeValueAsString(example)
            : String.valueOf(example);
    return "such as `" + shown.replace("`", "'").replace("\n", " ") + "`";
  }

  private static String parts(String... parts) {
    List<String> said = new ArrayList<>();
    for (String part : parts) {
      if (!part.isEmpty()) {
        said.add(part.endsWith(".") ? part.substring(0, part.length() - 1) : part);
      }
    }
    return String.join("; ", said);
  }

  private static String spaced(String text) {
    return text.isEmpty() ? "" : " " + (text.endsWith(".") ? text : text + ".");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }

  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  private void line(String line) {
    page.append(line).append('\n');
  }

  private static Map<String, Object> map(Map<String, Object> holder, String name) {
    return map(holder.get(name));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(@Nullable Object value) {
    return value instanceof Map<?, ?> ? (Map<String, Object>) value : Map.of();
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Map<String, Object> holder, String name) {
    return holder.get(name) instanceof List<?> ? (List<Object>) holder.get(name) : List.of();
  }

  private static String text(Map<String, Object> holder, String name) {
    Object value = holder.get(name);
    return value == null ? "" : String.valueOf(value).strip();
  }
}
