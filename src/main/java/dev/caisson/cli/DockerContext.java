package dev.caisson.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A context of the Docker CLI, as a file: {@code docker context create} would want the token on its
 * command line, where every user of the machine can see it.
 */
record DockerContext(String name, Path config) {
  /** Those that the CLI takes. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.+-]+");

  DockerContext {
    if (!NAME.matcher(name).matches() || name.equals("default")) {
      throw new CliException.Usage("'" + name + "' cannot be the name of a docker context");
    }
  }

  /** One of this name, where the CLI of this user looks. */
  static DockerContext of(String name, Map<String, String> environment) {
    String own = environment.getOrDefault("DOCKER_CONFIG", "");
    return new DockerContext(
        name,
        own.isEmpty() ? Path.of(environment.getOrDefault("HOME", "/"), ".docker") : Path.of(own));
  }

  /**
   * Writes it.
   *
   * @param settings of the service whose TLS it speaks; null where it speaks none
   */
  void write(String host, String description, @Nullable Settings settings) {
    ObjectNode meta = Json.object().put("Name", name);
    meta.putObject("Metadata").put("Description", description);
    meta.putObject("Endpoints").putObject("docker").put("Host", host).put("SkipTLSVerify", false);
    Path contexts = config.resolve("contexts");
    PrivateFile.write(
        contexts.resolve("meta").resolve(id()).resolve("meta.json"), Json.bytes(meta));
    if (settings != null && settings.secure()) {
      // The CLI speaks TLS to a context that has something in here, whatever the address says.
      PrivateFile.write(
          contexts.resolve("tls").resolve(id()).resolve("docker").resolve("ca.pem"),
          signers(settings));
    }
  }

  private static byte[] signers(Settings settings) {
    Path authority = settings.authority();
    if (authority == null) {
      throw new CliException.Usage(
          "the Docker CLI wants to know whom to trust: CAISSON_CACERT, a file with the signer");
    }
    try {
      return Files.readAllBytes(authority);
    } catch (IOException e) {
      throw new CliException.Failed("cannot read " + authority, e);
    }
  }

  private String id() {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
