package dev.caisson.process;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads server-sent events as a client would. */
final class Sse {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Sse() {}

  /** One of them; no id is the empty text. */
  record Event(String id, String name, JsonNode data) {
    String text() {
      return data.path("data").asString();
    }
  }

  static List<Event> parse(String body) {
    List<Event> events = new ArrayList<>();
    for (String block : body.split("\n\n", -1)) {
      String id = "";
      String name = "";
      String data = "";
      for (String line : block.split("\n", -1)) {
        String value = line.substring(line.indexOf(':') + 1).strip();
        if (line.startsWith("id:")) {
          id = value;
        } else if (line.startsWith("event:")) {
          name = value;
        } else if (line.startsWith("data:")) {
          data = value;
        }
      }
      if (!name.isEmpty()) {
        events.add(new Event(id, name, JSON.readTree(data)));
      }
    }
    return events;
  }
}
