package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.CountedBytes;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A build's context that neither the service nor the supervisor could hold. */
class LargeBuildIT {
  private static final long LENGTH = 1L << 30;

  /** Neither may take this much more than before, in kB: a quarter of what passes. */
  private static final long MOST = 256 << 10;

  /** Of which a tar is made. */
  private static final int BLOCK = 512;

  private static final String DOCKERFILE =
      """
      FROM busybox
      RUN --mount=type=bind,target=/context sha256sum </context/large >/sum
      """;

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void aGibibyteIsHandedToTheBuildInMemoryThatDoesNotGrowWithIt(@TempDir Path home)
      throws Exception {
    try (ServiceProcess service =
        ServiceProcess.start(home, Map.of("JAVA_TOOL_OPTIONS", "-Xmx160m"))) {
      Api api = service.api();
      String sandbox = api.dockerSandbox(Machine.STATIC);
      String docker = "/v1/sandboxes/" + sandbox + "/docker";
      long supervisor = Machine.hostPids(sandbox, "java").getFirst();
      long serviceBefore = kilobytes(service.status("VmHWM"));
      long supervisorBefore = most(supervisor);
      MessageDigest sent = MessageDigest.getInstance("SHA-256");
      long from = System.nanoTime();
      JsonNode build = build(api, docker, sent);
      long took = (System.nanoTime() - from) / 1_000_000;
      long serviceAfter = kilobytes(service.status("VmHWM"));
      long supervisorAfter = most(supervisor);
      System.out.printf(
          "a context of 1 GiB was built in %d ms; most RSS ever: service %d kB before, %d kB after;"
              + " supervisor %d kB before, %d kB after%n",
          took, serviceBefore, serviceAfter, supervisorBefore, supervisorAfter);
      assertThat(build.get("exit").get("code").asInt()).as(build.toString()).isZero();
      assertThat(build.get("stdin").get("bytes").asLong()).isGreaterThan(LENGTH);
      JsonNode run = api.exec(sandbox, "docker", "run", "--rm", "large", "cat", "/sum");
      assertThat(Api.text(run, "stdout")).startsWith(HexFormat.of().formatHex(sent.digest()));
      assertThat(serviceAfter - serviceBefore).isLessThan(MOST);
      assertThat(supervisorAfter - supervisorBefore).isLessThan(MOST);
    }
  }

  private static JsonNode build(Api api, String docker, MessageDigest sent) throws Exception {
    InputStream tar = tar(new CountedBytes(LENGTH, sent));
    HttpRequest request =
        api.request(docker + "/build?tags=large")
            .timeout(Duration.ofMinutes(15))
            .header("Content-Type", "application/x-tar")
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> tar))
            .build();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Api.Reply(answer.statusCode(), answer.body(), answer).expecting(200);
    }
  }

  /** A Dockerfile and one large file beside it. */
  private static InputStream tar(InputStream large) throws IOException {
    byte[] text = DOCKERFILE.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(head)) {
      TarArchiveEntry dockerfile = new TarArchiveEntry("Dockerfile");
      dockerfile.setSize(text.length);
      out.putArchiveEntry(dockerfile);
      out.write(text);
      out.closeArchiveEntry();
    }
    TarArchiveEntry entry = new TarArchiveEntry("large");
    entry.setSize(LENGTH);
    byte[] header = new byte[BLOCK];
    entry.writeEntryHeader(header);
    // Without the end of the archive that was made: it goes on.
    int whole = BLOCK + BLOCK * ((text.length + BLOCK - 1) / BLOCK);
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                new ByteArrayInputStream(head.toByteArray(), 0, whole),
                new ByteArrayInputStream(header),
                large,
                new ByteArrayInputStream(new byte[2 * BLOCK]))));
  }

  private static long most(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(LargeBuildIT::kilobytes)
        .findFirst()
        .orElseThrow();
  }

  private static long kilobytes(String line) {
    return Long.parseLong(line.replaceAll("\\D", ""));
  }
}
