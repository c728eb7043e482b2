package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.client.PrivateFile;
import dev.caisson.cli.client.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * A context of the Docker CLI, as a file: {@code docker context create} would want the token on its
 * command line, where every user of the machine can see it.
 */
record DockerContext(String name, Path config) {
  /** The names that the CLI takes. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.+-]+");

  static final String CA = "ca.pem";
  static final String CERTIFICATE = "cert.pem";
  static final String KEY = "key.pem";
  private static final List<String> TLS_FILES = List.of(CA, CERTIFICATE, KEY);

  DockerContext {
    if (!NAME.matcher(name).matches() || name.equals("default")) {
      throw new CliException.Usage("'" + name + "' cannot be the name of a docker context");
    }
  }

  /** Returns the context of this name, where the CLI of this user looks. */
  static DockerContext of(String name, Map<String, String> environment) {
    String own = environment.getOrDefault("DOCKER_CONFIG", "");
    return new DockerContext(
        name,
        own.isEmpty() ? Path.of(environment.getOrDefault("HOME", "/"), ".docker") : Path.of(own));
  }

  /** Writes the context with these files for TLS, by their names; without any it speaks no TLS. */
  void write(String host, String description, Map<String, byte[]> tls) {
    ObjectNode meta = Json.object().put("Name", name);
    meta.putObject("Metadata").put("Description", description);
    meta.putObject("Endpoints").putObject("docker").put("Host", host).put("SkipTLSVerify", false);
    Path contexts = config.resolve("contexts");
    PrivateFile.write(
        contexts.resolve("meta").resolve(id()).resolve("meta.json"), Json.bytes(meta));
    // The CLI speaks TLS to a context that has something in here, whatever the address says.
    forget(tlsFiles());
    tls.forEach((file, content) -> PrivateFile.write(tlsFiles().resolve(file), content));
  }

  /** Returns the directory with the files for TLS, as DOCKER_CERT_PATH knows it. */
  Path tlsFiles() {
    return config.resolve("contexts").resolve("tls").resolve(id()).resolve("docker");
  }

  /** Removes the files of an earlier context of the same name. */
  private static void forget(Path directory) {
    for (String file : TLS_FILES) {
      try {
        Files.deleteIfExists(directory.resolve(file));
      } catch (IOException e) {
        throw new CliException.Failed("cannot remove " + directory.resolve(file), e);
      }
    }
  }

  /**
   * Returns the files of a context that speaks TLS to a service of these settings; none where that
   * speaks no TLS.
   */
  static Map<String, byte[]> trusting(Settings settings) {
    if (!settings.secure()) {
      return Map.of();
    }
    Path authority = settings.authority();
    if (authority == null) {
      throw new CliException.Usage(
          "the Docker CLI needs the certificate authority of the service: set CAISSON_CACERT to its file");
    }
    try {
      return Map.of(CA, Files.readAllBytes(authority));
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
