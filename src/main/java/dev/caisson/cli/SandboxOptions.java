package dev.caisson.cli;

import dev.caisson.cli.client.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** The options of a sandbox that is made. */
final class SandboxOptions {
  @Option(names = "--template", paramLabel = "NAME", description = "A template that says the rest.")
  @Nullable String template;

  @Option(names = "--name", paramLabel = "NAME", description = "Yours to choose.")
  @Nullable String name;

  @Option(names = "--label", paramLabel = "KEY=VALUE", description = "For whoever lists them.")
  List<String> labels = new ArrayList<>();

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME[=VALUE]",
      description = "Of every process; without a value that of this shell's variable.")
  List<String> env = new ArrayList<>();

  @Option(
      names = {"-w", "--workdir"},
      paramLabel = "DIR",
      description = "Where processes start.")
  @Nullable String workdir;

  @Option(names = "--cpu", paramLabel = "CORES", description = "At most, such as 1.5.")
  @Nullable Double cpu;

  @Option(names = "--memory", paramLabel = "SIZE", description = "At most, such as 512Mi.")
  @Nullable String memory;

  @Option(names = "--pids", paramLabel = "NUMBER", description = "At most.")
  @Nullable Integer pids;

  @Option(names = "--disk", paramLabel = "SIZE", description = "Of all that it keeps.")
  @Nullable String disk;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      description = "Its life without activity: 10m, 2h, PT10M.")
  @Nullable String ttl;

  @Option(names = "--docker", description = "With a Docker daemon of its own.")
  boolean docker;

  @Option(
      names = "--docker-version",
      paramLabel = "VERSION",
      description =
          "With a daemon of this Docker, such as 28 or 28.5.2; caisson doctor names them.")
  @Nullable String dockerVersion;

  @Option(
      names = "--isolation",
      paramLabel = "MODE",
      description = "One of those that caisson doctor names.")
  @Nullable String isolation;

  @Option(names = "--network", paramLabel = "MODE", description = "open or none.")
  @Nullable String network;

  ObjectNode creation(Map<String, String> environment, @Nullable String image) {
    ObjectNode body = Json.object();
    put(body, "image", image);
    put(body, "template", template);
    put(body, "name", name);
    put(body, "workdir", workdir);
    put(body, "isolation", isolation);
    put(body, "ttl", ttl == null ? null : Arguments.duration(ttl));
    Arguments.pairs(body, "labels", labels);
    Arguments.environment(body, env, environment);
    ObjectNode resources = Json.object();
    put(resources, "memory", memory);
    put(resources, "disk", disk);
    if (cpu != null) {
      resources.put("cpu", cpu);
    }
    if (pids != null) {
      resources.put("pids", pids);
    }
    if (!resources.isEmpty()) {
      body.set("resources", resources);
    }
    if (docker || dockerVersion != null) {
      ObjectNode wanted = body.putObject("docker").put("enabled", true);
      put(wanted, "version", dockerVersion);
    }
    if (network != null) {
      body.putObject("network").put("mode", network);
    }
    return body;
  }

  private static void put(ObjectNode body, String field, @Nullable String value) {
    if (value != null) {
      body.put(field, value);
    }
  }
}
