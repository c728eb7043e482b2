package dev.caisson.docker;

import dev.caisson.access.DockerAddress;
import dev.caisson.access.Grants;
import dev.caisson.access.Origin;
import dev.caisson.sandbox.SandboxId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ways in which any Docker client reaches the daemon of a sandbox, as lines to paste. */
@Schema(name = "DockerConnect")
record ConnectAnswer(
    String sandbox,
    @Schema(
            description =
                "Value for DOCKER_HOST: with a host name if the service has a domain, otherwise"
                    + " with a path",
            example = "tcp://127.0.0.1:8080/v1/docker/TOKEN")
        String dockerHost,
    @Schema(description = "ID of the grant whose token is in `dockerHost`") String grant,
    @Schema(description = "Time when the grant expires") Instant expiresAt,
    List<Client> clients) {

  private static final String BUILDS =
      "builds with BuildKit: docker build, buildx, compose up --build";

  /** A client, with the lines for it. */
  @Schema(name = "DockerConnectClient")
  record Client(
      @Schema(example = "docker") String name,
      @Schema(description = "Language of the lines", example = "sh") String language,
      List<String> lines) {}

  /**
   * Creates an answer with the address by host name, where there is one, before the one by path.
   *
   * @param origin of the service
   * @param certified for clients with a certificate; null where there are none
   * @param whole whether builds work by host name, too
   */
  static ConnectAnswer of(
      SandboxId sandbox,
      Grants.Issued issued,
      Origin origin,
      DockerAddress byPath,
      @Nullable DockerAddress named,
      @Nullable DockerAddress certified,
      boolean whole) {
    DockerAddress best = named == null ? byPath : named;
    String host = best.dockerHost();
    String own = origin.docker() + "/v1/sandboxes/" + sandbox + "/docker/engine";
    String forward = origin.http() + "/v1/sandboxes/" + sandbox + "/docker/forward";
    return new ConnectAnswer(
        sandbox.value(),
        host,
        issued.id(),
        issued.expiresAt(),
        present(
            client("docker", "sh", tls(origin, "export DOCKER_HOST=" + host), "docker version"),
            client(
                "docker context",
                "sh",
                "docker context create "
                    + sandbox
                    + " --docker 'host="
                    + host
                    + (origin.secure() ? ",ca=ca.pem" : "")
                    + "'",
                "docker --context " + sandbox + " version"),
            client(
                "docker by header",
                "sh",
                tls(origin, "export DOCKER_HOST=" + own),
                "export DOCKER_CONFIG=$(mktemp -d)",
                "echo '{\"HttpHeaders\": {\"Authorization\": \"Bearer "
                    + issued.token()
                    + "\"}}' >$DOCKER_CONFIG/config.json",
                "docker version"),
            client(
                "docker compose",
                "sh",
                tls(origin, "export DOCKER_HOST=" + host),
                "docker compose up"),
            named != null && whole
                ? client(
                    BUILDS,
                    "sh",
                    tls(origin, "export DOCKER_HOST=" + host),
                    "# compose's way by bake wants a key pair of the client's own",
                    "export COMPOSE_BAKE=false",
                    "docker build .")
                : client(
                    BUILDS,
                    "sh",
                    "# buildx forgets the path, and the header: here it has an address without"
                        + " them",
                    "caisson forward " + sandbox + " 2375:engine &",
                    "export DOCKER_HOST=tcp://127.0.0.1:2375",
                    "docker build ."),
            certified == null ? null : certified(sandbox, origin, certified),
            named == null
                ? null
                : client(
                    "docker, where that name is not resolved",
                    "sh",
                    tls(origin, "export DOCKER_HOST=" + byPath.dockerHost()),
                    "docker version"),
            client(
                "docker-java",
                "java",
                "DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(\""
                    + host
                    + "\").build()"),
            client(
                "Testcontainers",
                "sh",
                "# published ports: the same numbers on \"host\" of the first answer",
                "curl -X POST -H \"Authorization: Bearer $CAISSON_KEY\" " + forward,
                "export TESTCONTAINERS_HOST_OVERRIDE=127.x.y.z",
                tls(origin, "export DOCKER_HOST=" + host),
                "export TESTCONTAINERS_RYUK_DISABLED=true"),
            client("docker-py", "python", "docker.DockerClient(base_url=\"" + best.url() + "\")"),
            client(
                "dockerode",
                "javascript",
                "// it forgets a path in DOCKER_HOST, but puts the version before every path",
                "new Docker({protocol: '"
                    + (origin.secure() ? "https" : "http")
                    + "', host: '"
                    + best.origin().host()
                    + "', port: "
                    + origin.port()
                    + (named == null ? ", version: '" + byPath.path().substring(1) + "'" : "")
                    + "})"),
            client(
                "whatever knows no path, and published ports, on the service's host",
                "sh",
                "# the API without a key, for everybody on that host",
                "curl -X POST -H \"Authorization: Bearer $CAISSON_KEY\" -H 'Content-Type:"
                    + " application/json' -d '{\"engine\": true}' "
                    + forward,
                "export DOCKER_HOST=tcp://127.x.y.z:2375")));
  }

  private static Client certified(SandboxId sandbox, Origin origin, DockerAddress certified) {
    return client(
        "any client, with a certificate of its own: builds, too",
        "sh",
        "# or: caisson context --tls " + sandbox,
        "d=$(mktemp -d)",
        "curl -X POST -H \"Authorization: Bearer $CAISSON_KEY\" -H 'Content-Type: application/json'"
            + " -d '{}' "
            + origin.http()
            + "/v1/sandboxes/"
            + sandbox
            + "/docker/certificates >$d/all.json",
        "for part in ca cert key; do jq -r .$part $d/all.json >$d/$part.pem; done",
        "export DOCKER_HOST=" + certified.dockerHost() + " DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=$d",
        "docker build .");
  }

  private static List<Client> present(@Nullable Client... clients) {
    return Stream.of(clients).filter(Objects::nonNull).toList();
  }

  private static Client client(String name, String language, String... lines) {
    return new Client(name, language, List.of(lines));
  }

  /**
   * Adds the TLS variables to a line where the service has TLS. The directory is the client's: it
   * holds the {@code ca.pem} of the authority that signed this service's certificate.
   */
  private static String tls(Origin origin, String line) {
    return origin.secure()
        ? line + " DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=directory-with-ca.pem"
        : line;
  }

  /** Returns the answer as a text for a person. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append("# Docker in ").append(sandbox).append(", until ").append(expiresAt).append('\n');
    for (Client client : clients) {
      text.append("\n# ").append(client.name()).append('\n');
      client.lines().forEach(line -> text.append(line).append('\n'));
    }
    return text.toString();
  }
}
