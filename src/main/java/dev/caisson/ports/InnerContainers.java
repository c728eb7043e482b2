package dev.caisson.ports;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The ports that inner containers publish, as dockerd has written them down: so they are known
 * while dockerd is dead, too, and the containers run on. The files are the sandbox's own, and
 * believed no more than it is.
 */
@Component
class InnerContainers {
  private static final Logger log = LoggerFactory.getLogger(InnerContainers.class);
  private static final String DIRECTORY = "/var/lib/docker/containers";

  /** The most containers that are looked at in one sandbox. */
  private static final int MOST = 200;

  private static final int MOST_PUBLISHED = 1000;
  private static final int LONGEST_FILE = 1 << 20;

  private final JsonMapper json;

  InnerContainers(JsonMapper json) {
    this.json = json;
  }

  /** The containers that run, as far as ports go. */
  record View(Map<String, String> names, List<Listening> published) {
    static final View NONE = new View(Map.of(), List.of());

    @Nullable String name(String id) {
      return names.get(id);
    }
  }

  View of(Supervisor supervisor) {
    View view = new View(new HashMap<>(), new ArrayList<>());
    for (String path : directories(supervisor)) {
      String text = text(supervisor, path + "/config.v2.json");
      try {
        if (text != null) {
          read(json.readTree(text), view);
        }
      } catch (JacksonException e) {
        log.atDebug().addKeyValue("path", path).log("not a container's configuration");
      }
    }
    return view;
  }

  private static List<String> directories(Supervisor supervisor) {
    List<String> paths = new ArrayList<>();
    try (Answers<FileInfo> files = supervisor.open(new FileRequest.ListFiles(DIRECTORY, 1))) {
      for (FileInfo file = files.next(); file != null && paths.size() < MOST; file = files.next()) {
        paths.add(file.path());
      }
    } catch (SupervisorException.Refused e) {
      log.debug("no container was ever made");
    }
    return paths;
  }

  private static @Nullable String text(Supervisor supervisor, String path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Answers<Answer> answers =
        supervisor.open(new FileRequest.ReadFile(path, 0, LONGEST_FILE))) {
      for (Answer answer = answers.next(); answer != null; answer = answers.next()) {
        if (answer instanceof Answer.Bytes piece && bytes.size() < LONGEST_FILE) {
          bytes.writeBytes(piece.bytes());
        }
      }
      return bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
    } catch (SupervisorException.Refused e) {
      // Not a container's directory, or one that is just being removed.
      return null;
    }
  }

  private static void read(JsonNode config, View view) {
    if (!config.path("State").path("Running").asBoolean(false)) {
      return;
    }
    String id = config.path("ID").asString("");
    String name = config.path("Name").asString("").replaceFirst("^/", "");
    view.names.put(id, name);
    config
        .path("NetworkSettings")
        .path("Ports")
        .forEachEntry((inner, bindings) -> {
          String[] place = inner.split("/", 2);
          for (JsonNode binding : bindings) {
            add(view, id, name, place, binding);
          }
        });
  }

  private static void add(View view, String id, String name, String[] place, JsonNode binding) {
    long outside = number(binding.path("HostPort").asString(""));
    long inside = number(place[0]);
    if (!Port.isPort(outside) || !Port.isPort(inside) || view.published.size() >= MOST_PUBLISHED) {
      return;
    }
    String address = binding.path("HostIp").asString("");
    view.published.add(
        new Listening(
            (int) outside,
            place.length == 2 && place[1].equals("udp") ? "udp" : "tcp",
            new TreeSet<>(List.of(address.isEmpty() ? "0.0.0.0" : address)),
            null,
            new Listening.Container(id, name, (int) inside)));
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,5}") ? Long.parseLong(text) : 0;
  }
}
