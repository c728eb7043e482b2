package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.client.ServiceAnswer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** The verb that checks what works and what does not, from here to the engine. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Check the service, the key, the engine and its host. 1 if something fails.")
final class DoctorVerb extends CliCommand {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");

  private static final Map<String, String> CHOICES =
      Map.of("isolation", "sandboxes", "dockerIsolation", "with Docker", "network", "network");

  private final List<Finding> findings = new ArrayList<>();

  private enum State {
    ok,
    warning,
    failed
  }

  private record Finding(String check, State state, String detail) {}

  DoctorVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    look();
    if (cli.json()) {
      var items = Json.object().putArray("items");
      for (Finding finding : findings) {
        items.add(
            Json.object()
                .put("check", finding.check())
                .put("state", finding.state().name())
                .put("detail", finding.detail()));
      }
      cli.print(items);
    } else {
      Table table = new Table("CHECK", "", "DETAIL");
      findings.forEach(each -> table.row(each.check(), each.state().name(), each.detail()));
      table.print(cli.out);
    }
    return findings.stream().anyMatch(each -> each.state() == State.failed)
        ? ExitCode.UNWELL
        : ExitCode.OK;
  }

  private void found(String check, State state, String detail) {
    findings.add(new Finding(check, state, detail));
  }

  private void look() {
    found("caisson", State.ok, VersionVerb.own() + ", Java " + Runtime.version().feature());
    URI url = cli.settings().url();
    ServiceAnswer health;
    try {
      health = service().look("/actuator/health");
    } catch (CliException.NotReached e) {
      found("service", State.failed, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      return;
    }
    if (!health.body().has("status")) {
      found("service", State.failed, url + " answers, and is no Caisson service");
      return;
    }
    boolean plain = !service().settings().secure() && !LOOPBACK.contains(url.getHost());
    found(
        "service",
        plain ? State.warning : State.ok,
        url + (plain ? ", by plain HTTP: the key can be read on the way" : ""));
    components(health.body().path("components"));
    if (!key()) {
      return;
    }
    ServiceAnswer info = service().look("/actuator/info");
    String version = Json.text(info.body().path("build"), "version");
    if (!version.isEmpty()) {
      boolean same = version.equals(VersionVerb.own());
      found(
          "version",
          same ? State.ok : State.warning,
          "the service is " + version + (same ? "" : ", this program " + VersionVerb.own()));
    }
    host();
  }

  private void components(JsonNode components) {
    for (var each : components.properties()) {
      String status = Json.text(each.getValue(), "status");
      if (!status.equals("UP") && !status.equals("UNKNOWN")) {
        String error = Json.text(each.getValue().path("details"), "error");
        found(
            "health " + each.getKey(),
            State.failed,
            status + (error.isEmpty() ? "" : ": " + error));
      }
    }
  }

  private boolean key() {
    if (service().settings().key() == null) {
      found("key", State.failed, "there is none: CAISSON_KEY, or caisson login <admin.key");
      return false;
    }
    int status = service().look("/v1/sandboxes?limit=1").status();
    if (status == 401) {
      found("key", State.failed, "the service does not take it");
      return false;
    }
    if (status >= 300) {
      found("key", State.failed, "the service answers " + status);
      return false;
    }
    found("key", State.ok, "taken");
    return true;
  }

  private void host() {
    JsonNode host;
    try {
      host = service().get("/v1/host").body();
    } catch (CliException.Refused e) {
      found("host", State.failed, e.problem.text().replace("\n", ";"));
      return;
    }
    JsonNode engine = host.path("engine");
    JsonNode kit = engine.path("kit");
    found(
        "engine",
        State.ok,
        String.join(
            ", ",
            Json.text(engine, "version"),
            Json.text(engine, "operatingSystem"),
            "kernel " + Json.text(engine, "kernel"),
            "cgroup v" + Json.word(engine, "cgroupVersion"),
            Json.text(engine, "storageDriver")));
    boolean present = kit.path("present").asBoolean(false);
    found(
        "kit",
        present ? State.ok : State.failed,
        present
            ? Json.text(kit, "version")
                + (kit.path("docker").asBoolean(false)
                    ? ", with Docker" + versions(kit)
                    : ", without Docker")
            : "the engine has none: kit/build.sh makes it");
    for (String choice : List.of("isolation", "dockerIsolation", "network")) {
      JsonNode made = host.path(choice);
      boolean works = made.path("works").asBoolean(false);
      String value = Json.text(made, "value");
      String remedy = Json.text(made, "remedy");
      found(
          CHOICES.getOrDefault(choice, choice),
          // Without an isolation there is no sandbox at all.
          works ? State.ok : choice.equals("isolation") ? State.failed : State.warning,
          (value.isEmpty() ? "none" : value)
              + ": "
              + Json.text(made, "reason")
              + (remedy.isEmpty() ? "" : "; " + remedy));
    }
    for (JsonNode warning : host.path("warnings")) {
      found("host", State.warning, warning.asString(""));
    }
  }

  /** Returns the versions of Docker, the default first; a service of before this names none. */
  private static String versions(JsonNode kit) {
    List<String> versions = new ArrayList<>();
    for (JsonNode each : kit.path("dockerKits")) {
      String version = Json.text(each, "version");
      if (!version.isEmpty()) {
        versions.add(version);
      }
    }
    return versions.isEmpty() ? "" : " " + String.join(", ", versions);
  }
}
