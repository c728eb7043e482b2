package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.client.SandboxNames;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The verb that writes a docker context for a sandbox's daemon. */
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
          + " SANDBOX engine --context NAME: buildx forgets where the token is. Or --tls, where the"
          + " service has a port for it: then a client certificate is in the context, whose key was"
          + " made here and goes nowhere, and no token."
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

  @Option(
      names = "--tls",
      description =
          "Write a client certificate into it in place of a token; builds work by it, too.")
  private boolean tls;

  @Parameters(paramLabel = "SANDBOX", index = "0", description = "Its id or name.")
  private String sandbox = "";

  ContextVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    String id = SandboxNames.id(service(), sandbox);
    String life = Arguments.duration(ttl);
    DockerContext context = DockerContext.of(name == null ? id : name, cli.environment);
    return tls ? certified(id, life, context) : byToken(id, life, context);
  }

  private int byToken(String id, String life, DockerContext context) {
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
        DockerContext.trusting(service().settings()));
    print(context, id, Json.text(grant, "id"), grant, Json.object());
    return ExitCode.OK;
  }

  private int certified(String id, String life, DockerContext context) {
    KeyPair pair = keyPair();
    JsonNode answer =
        service()
            .post(
                "/v1/sandboxes/" + id + "/docker/certificates",
                Json.object()
                    .put("ttl", life)
                    .put("publicKey", pem("PUBLIC KEY", pair.getPublic().getEncoded())))
            .body();
    String host = Json.text(answer, "dockerHost");
    context.write(
        host,
        "Caisson sandbox " + id,
        Map.of(
            DockerContext.CA, bytes(Json.text(answer, "ca")),
            DockerContext.CERTIFICATE, bytes(Json.text(answer, "cert")),
            DockerContext.KEY, bytes(pem("PRIVATE KEY", pair.getPrivate().getEncoded()))));
    print(
        context,
        id,
        Json.text(answer, "grant"),
        answer,
        Json.object()
            .put("dockerHost", host)
            .put("certPath", context.tlsFiles().toAbsolutePath().toString()));
    return ExitCode.OK;
  }

  private void print(
      DockerContext context, String id, String grant, JsonNode answer, ObjectNode more) {
    cli.print(
        cli.json()
            ? Json.object()
                .put("context", context.name())
                .put("sandbox", id)
                .put("grant", grant)
                .put("expiresAt", Json.text(answer, "expiresAt"))
                .setAll(more)
                .toString()
            : context.name());
  }

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new CliException.Failed("cannot create a key", e);
    }
  }

  private static String pem(String label, byte[] content) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, bytes("\n")).encodeToString(content)
        + "\n-----END "
        + label
        + "-----\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Returns the host name that serves as the whole address, where the service has given one that is
   * resolved here; else null.
   */
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
      cli.say(
          "the service's domain is not resolved here: the context has a path, by which builds with"
              + " BuildKit do not work");
      return null;
    }
  }
}
