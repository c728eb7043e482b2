package dev.caisson.cli;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** A docker context that is a sandbox's daemon. */
@Command(
    name = "context",
    mixinStandardHelpOptions = true,
    description = "Write a docker context that points at a sandbox's daemon, and print its name.",
    footer = {
      "",
      "There is a token in it, good for that daemon alone and until its time is over; caisson keys"
          + " revokes it. docker context rm removes the context.",
      "",
      "For builds with BuildKit, where the service has no domain or no TLS, take caisson forward"
          + " SANDBOX engine --context NAME: buildx forgets where the token is."
    })
final class ContextVerb extends CliCommand {
  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      description = "How long it is good for: 1d, if nothing is said; 7d at most.")
  private String ttl = "1d";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Of the context; the sandbox's id, if nothing is said.")
  private @Nullable String name;

  @Parameters(paramLabel = "SANDBOX", index = "0", description = "Its id or name.")
  private String sandbox = "";

  ContextVerb(CliContext desk) {
    super(desk);
  }

  @Override
  public Integer call() {
    String id = SandboxNames.id(service(), sandbox);
    String life = Arguments.duration(ttl);
    DockerContext context = DockerContext.of(name == null ? id : name, desk.environment);
    JsonNode grant =
        service()
            .post(
                "/v1/sandboxes/" + id + "/grants",
                Json.object().put("scope", "DOCKER").put("ttl", life))
            .body();
    // The address by which this program reaches the service: what the service thinks of itself may
    // be that of a host behind a proxy.
    URI url = service().settings().url();
    String named = host(grant);
    int port = url.getPort() >= 0 ? url.getPort() : service().settings().secure() ? 443 : 80;
    context.write(
        named == null
            ? "tcp://"
                + url.getHost()
                + ":"
                + port
                + url.getRawPath()
                + "/v1/docker/"
                + Json.text(grant, "token")
            : "tcp://" + named + ":" + port,
        "Caisson sandbox " + id,
        service().settings());
    desk.print(
        desk.json()
            ? Json.object()
                .put("context", context.name())
                .put("sandbox", id)
                .put("grant", Json.text(grant, "id"))
                .put("expiresAt", Json.text(grant, "expiresAt"))
                .toString()
            : context.name());
    return ExitCode.OK;
  }

  /** The host name that says all, where the service has given one that is known here; else null. */
  private @Nullable String host(JsonNode grant) {
    JsonNode address = grant.path("urls").path("dockerHost");
    URI given = URI.create(address.asString(""));
    if (given.getHost() == null || !given.getRawPath().isEmpty()) {
      return null;
    }
    try {
      InetAddress _ = InetAddress.getByName(given.getHost());
      return given.getHost();
    } catch (UnknownHostException e) {
      // Not the name itself: the token is in it.
      desk.say(
          "the service's domain is not resolved here: the context has a path, by which builds with"
              + " BuildKit do not work");
      return null;
    }
  }
}
