package dev.caisson.cli.client;

import tools.jackson.databind.JsonNode;

/** The processes as people name them: by pid, or by the name that they gave one. */
public final class ProcessNumbers {
  private ProcessNumbers() {}

  /** Returns the path of a process; for a name, of the newest that has it. */
  public static String path(Service service, String sandbox, String pidOrName) {
    if (pidOrName.chars().allMatch(Character::isDigit) && !pidOrName.isEmpty()) {
      return sandbox + "/processes/" + pidOrName;
    }
    JsonNode newest =
        service
            .get(sandbox + "/processes?limit=1&name=" + Service.encode(pidOrName))
            .body()
            .path("items")
            .path(0);
    if (newest.isMissingNode()) {
      throw new CliException.Usage(
          "there is no process with this pid or name: '"
              + pidOrName
              + "'\n  List them with: caisson ps --all SANDBOX");
    }
    return sandbox + "/processes/" + Json.word(newest, "pid");
  }
}
