package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceCertificate;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.docker.DockerClient;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The service on TLS, as its operator sets it up, with the Docker CLI; and grants that outlive it.
 */
class TlsIT {
  @TempDir Path directory;

  @Test
  void theCliWorksOnTlsAndItsTokenAfterARestart() throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    ServiceCertificate certificate = ServiceCertificate.make(directory);
    try (HttpClient trusting = certificate.trusting();
        ServiceProcess service =
            ServiceProcess.startSecure(home, certificate.environment(), trusting)) {
      Api api = service.api();
      String sandbox = api.dockerSandbox(Machine.STATIC);
      JsonNode connect = api.get("/v1/sandboxes/" + sandbox + "/docker/connect").expecting(200);
      assertThat(connect.toString()).contains("DOCKER_TLS_VERIFY=1", "https://");
      DockerClient cli =
          new DockerClient(directory, connect.get("dockerHost").asString())
              .with("DOCKER_TLS_VERIFY", "1")
              .with("DOCKER_CERT_PATH", directory.toString());
      cli.docker("pull", "busybox");
      cli.docker("run", "-d", "--name", "there", "busybox", "sleep", "1000");
      carry(cli);

      service.kill();
      service.start();

      assertThat(cli.docker("exec", "there", "echo", "after a restart"))
          .isEqualTo("after a restart");
      carry(cli);
      String path = "/v1/sandboxes/" + sandbox + "/grants/" + connect.get("grant").asString();
      assertThat(service.api().delete(path).status()).isEqualTo(204);
      assertThat(cli.attempt(List.of("docker", "ps")).output()).contains("UNAUTHORIZED");
      assertThat(
              new DockerClient(directory, connect.get("dockerHost").asString())
                  .attempt(List.of("docker", "ps"))
                  .code())
          .as("without TLS")
          .isNotZero();
    }
  }

  /** Bytes to the end of the client's side, and all of them back after it. */
  private static void carry(DockerClient cli) throws Exception {
    byte[] sent = new byte[3_000_000];
    new Random(3).nextBytes(sent);
    Process process =
        cli.start(List.of("docker", "exec", "-i", "there", "sh", "-c", "cat; echo end"));
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try (OutputStream out = process.getOutputStream()) {
                out.write(sent);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    byte[] read = process.getInputStream().readAllBytes();
    writer.join();
    assertThat(DockerClient.end(process)).isZero();
    assertThat(read).hasSize(sent.length + 4).startsWith(sent);
    assertThat(read).endsWith("end\n".getBytes(StandardCharsets.UTF_8));
  }
}
