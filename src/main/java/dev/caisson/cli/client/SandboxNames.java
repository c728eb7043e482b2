package dev.caisson.cli.client;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The sandboxes as people name them: by id, or by the name that they gave one. */
public final class SandboxNames {
  private static final Pattern ID = Pattern.compile("sb-[a-z0-9]{8}");
  private static final List<String> LIVING = List.of("READY", "STARTING", "ENDING");

  private SandboxNames() {}

  /** Returns the path of a sandbox. */
  public static String path(Service service, String idOrName) {
    return "/v1/sandboxes/" + id(service, idOrName);
  }

  public static String id(Service service, String idOrName) {
    if (ID.matcher(idOrName).matches()) {
      return idOrName;
    }
    List<String> found = new ArrayList<>();
    for (String state : LIVING) {
      for (JsonNode sandbox :
          service.all("/v1/sandboxes?limit=500&state=" + state).body().path("items")) {
        if (Json.text(sandbox, "name").equals(idOrName)) {
          found.add(Json.text(sandbox, "id"));
        }
      }
    }
    if (found.size() > 1) {
      throw new CliException.Usage(
          "several sandboxes are named '" + idOrName + "': " + String.join(" ", found));
    }
    if (found.isEmpty()) {
      throw new CliException.Usage(
          "there is no sandbox with this id or name: '"
              + idOrName
              + "'\n  List them with: caisson ls");
    }
    return found.getFirst();
  }
}
