package dev.caisson.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What happens is told, once, in order, and from where a reader left off. */
class EventsIT {

  @Test
  void eventsAreResumedAcrossAKillOfTheServiceWithoutLossOrRepetition(@TempDir Path home)
      throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
      long pid = api.shell(sandbox, "exit 3").get("pid").asLong();
      long running = api.start(sandbox, "sh", "-c", "sleep 2; exit 4");
      List<JsonNode> seen = new ArrayList<>();
      try (InputStream stream = api.stream("/v1/events?after=0")) {
        read(stream, seen, 5);
      }
      service.kill();
      service.start();
      api = service.api();
      String events = "/v1/sandboxes/" + sandbox + "/events";
      // Its exit is known before the event of it is recorded, which an end of the sandbox may
      // overtake.
      resume(api, events, seen, 1);
      api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
      resume(api, events, seen, Integer.MAX_VALUE);
      List<String> told = seen.stream().map(EventsIT::brief).toList();
      assertThat(told)
          .containsExactly(
              "sandbox STARTING",
              "sandbox READY",
              "process " + pid + " RUNNING",
              "process " + pid + " EXITED 3",
              "process " + running + " RUNNING",
              "process " + running + " EXITED 4",
              "sandbox ENDING TERMINATED",
              "sandbox ENDED TERMINATED");
      List<JsonNode> again = new ArrayList<>();
      try (InputStream stream = api.stream("/v1/sandboxes/" + sandbox + "/events?after=0")) {
        read(stream, again, Integer.MAX_VALUE);
      }
      assertThat(again).isEqualTo(seen);
      try (InputStream stream =
          api.stream("/v1/sandboxes/" + sandbox + "/events?after=0&type=process")) {
        List<JsonNode> processes = new ArrayList<>();
        read(stream, processes, Integer.MAX_VALUE);
        assertThat(processes).hasSize(4);
      }
    }
  }

  /** Reads at most so many events after the last that was seen. */
  private static void resume(Api api, String path, List<JsonNode> seen, int most) throws Exception {
    List<JsonNode> rest = new ArrayList<>();
    String last = seen.getLast().get("seq").asString();
    try (InputStream stream = api.stream(path, "Last-Event-ID", last)) {
      read(stream, rest, most);
    }
    seen.addAll(rest);
  }

  @Test
  void filesThatAreWatchedAreToldAmongTheEvents(@TempDir Path home) throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
      api.shell(sandbox, "mkdir -p /srv/watched/deep");
      String path = "/v1/sandboxes/" + sandbox + "/events";
      try (InputStream stream = api.stream(path + "?watch=/srv/watched")) {
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        assertThat(data(lines, Map.of("file", ""))).first().asString().contains("WATCHING");
        long pid = api.shell(sandbox, "echo x >/srv/watched/deep/new").get("pid").asLong();
        // Two sources: which of them is told first is not said.
        List<String> told = data(lines, Map.of("file", "", "process", "\"pid\":" + pid));
        assertThat(told.get(0)).contains("CREATED", "/srv/watched/deep/new");
        assertThat(told.get(1)).contains("RUNNING");
      }
      JsonNode problem = api.get(path + "?watch=/no/such").expecting(422);
      assertThat(problem.get("code").asString()).isEqualTo("ENOENT");
    }
  }

  /**
   * What the next event of each of these types carries, by the type's name, if it has this in it:
   * the news of a command that ended before may still be on their way.
   */
  private static List<String> data(BufferedReader lines, Map<String, String> parts)
      throws IOException {
    Map<String, String> found = new TreeMap<>();
    String event = "";
    while (found.size() < parts.size()) {
      String line = lines.readLine();
      assertThat(line).as("the stream ended after " + found).isNotNull();
      if (line.startsWith("event: ")) {
        event = line.substring(7);
      } else if (line.startsWith("data: ")
          && parts.containsKey(event)
          && line.contains(parts.get(event))) {
        found.putIfAbsent(event, line);
      }
    }
    return List.copyOf(found.values());
  }

  @Test
  void oneKeyIsOneSandboxAcrossAKillOfTheService(@TempDir Path home) throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home)) {
      Api api = service.api();
      Map<String, ?> body = Map.of("image", Machine.DEBIAN, "env", Map.of("TOKEN", "s3cret"));
      Api.Reply first = api.post("/v1/sandboxes", body, "Idempotency-Key", "key 1");
      String sandbox = first.expecting(201).get("id").asString();
      assertThat(first.response().headers().firstValue("Idempotency-Replayed")).isEmpty();
      service.kill();
      service.start();
      api = service.api();
      Api.Reply second = api.post("/v1/sandboxes", body, "Idempotency-Key", "key 1");
      assertThat(second.expecting(201).get("id").asString()).isEqualTo(sandbox);
      assertThat(second.response().headers().firstValue("Idempotency-Replayed")).hasValue("true");
      JsonNode other =
          api.post("/v1/sandboxes", Map.of("image", Machine.DEBIAN), "Idempotency-Key", "key 1")
              .expecting(422);
      assertThat(other.get("code").asString()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
      api.post("/v1/sandboxes", body, "Idempotency-Key", "k".repeat(256)).expecting(400);
      assertThat(api.get("/v1/sandboxes").expecting(200).get("items")).hasSize(1);
    }
  }

  private static void read(InputStream stream, List<JsonNode> into, int most) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    for (String line = lines.readLine();
        line != null && into.size() < most;
        line = into.size() < most ? lines.readLine() : null) {
      if (line.startsWith("data: ")) {
        into.add(Api.JSON.readTree(line.substring(6)));
      }
    }
  }

  private static String brief(JsonNode event) {
    JsonNode data = event.get("data");
    StringBuilder text = new StringBuilder(event.get("type").asString());
    for (String field : List.of("pid", "state", "code", "reason")) {
      if (data.has(field)) {
        text.append(' ').append(data.get(field).asString());
      }
    }
    return text.toString();
  }
}
