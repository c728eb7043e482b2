package dev.caisson.cli.client;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The service's reason for a refusal.
 *
 * @param code stable; empty where something else answered than the service
 * @param detail for a person
 * @param body the whole answer
 */
public record Problem(int status, String code, String detail, JsonNode body) {

  static Problem of(int status, byte[] answer) {
    JsonNode body = Json.read(answer);
    String detail = Json.text(body, "detail");
    if (detail.isEmpty()) {
      detail = Json.text(body, "title");
    }
    return new Problem(status, Json.text(body, "code"), detail, body);
  }

  /** Returns whether the same request, later, could be answered otherwise. */
  public boolean passing() {
    return status >= 500;
  }

  /** Returns a text for a person: what is wrong, what is known of it, and what to do. */
  public String text() {
    List<String> lines = new ArrayList<>();
    String first = detail.isEmpty() ? "the service answered " + status : detail;
    lines.add(code.isEmpty() ? first : first + " (" + code + ")");
    for (JsonNode error : body.path("errors")) {
      lines.add("  " + Json.text(error, "field") + ": " + Json.text(error, "message"));
    }
    for (String known : List.of("reason", "remedy")) {
      String text = Json.text(body, known);
      if (!text.isEmpty() && !detail.contains(text)) {
        lines.add("  " + known + ": " + text);
      }
    }
    Json.text(body, "logTail").lines().forEach(line -> lines.add("  | " + line));
    String hint = hint();
    if (!hint.isEmpty()) {
      lines.add("  " + hint);
    }
    return String.join("\n", lines);
  }

  /** Returns the code as far as the command line knows it. */
  public ProblemCode known() {
    return ProblemCode.of(code);
  }

  private String hint() {
    String advice = known().advice();
    JsonNode again = body.path("retryAfterMs");
    return advice.isEmpty() && again.isNumber() ? "Try again in " + again.asLong() + " ms" : advice;
  }
}
