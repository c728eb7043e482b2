package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.EngineProperties;
import dev.caisson.engine.client.Labels;
import dev.caisson.engine.image.AllowedRegistries;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Kit images for tests: in the place of the supervisor a script, which says what it finds itself in
 * makes a file where a supervisor has its socket, and ends when it is asked to. And a client of
 * docker-java's own, to look from outside.
 */
public final class StandIn implements AutoCloseable {
  public static final String KIT = "caisson-it/kit";
  public static final String KIT_DOCKER = "caisson-it/kit-docker";
  public static final String OTHER_DOCKER = "caisson-it/kit-docker-other";

  /** Holds one static busybox and nothing else. */
  public static final String STATIC = "caisson/static";

  private static final String INIT =
      """
      #!/bin/busybox sh
      trap end=1 TERM
      say() { for file in "$@"; do [ -f $file ] && echo "$file $(/bin/busybox cat $file)"; done; }
      echo "arguments $*"
      echo "sandbox $CAISSON_SANDBOX in $(pwd) as $(/bin/busybox id -u)"
      /bin/busybox grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status
      echo "root is $(/bin/busybox awk '$1 == 0 { print $2 }' /proc/self/uid_map)"
      say /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes
      say /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max
      say /sys/fs/cgroup/cpu.max /sys/fs/cgroup/cpu/cpu.cfs_quota_us
      /bin/busybox grep -E ' (/opt/caisson|/opt/caisson/docker|/run|/run/caisson|/tmp) ' /proc/mounts
      echo "socket directory holds $(/bin/busybox ls /run/caisson)"
      /bin/busybox ip -o link | /bin/busybox awk '{ print "link " $2 }'
      /bin/busybox mkdir -p /kept
      echo kept >/kept/file
      echo >/run/caisson/$CAISSON_SANDBOX
      while [ -z "$end" ]; do /bin/busybox sleep 0.1 & wait $!; done
      echo asked to end
      exit 7
      """;

  private final DockerHttpClient http;
  private final DockerClient docker;

  public StandIn() {
    var config = DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    http =
        new ApacheDockerHttpClient.Builder()
            .dockerHost(config.getDockerHost())
            .sslConfig(config.getSSLConfig())
            .build();
    docker = DockerClientImpl.getInstance(config, http);
  }

  public DockerClient docker() {
    return docker;
  }

  /** An engine as a service has it, but with these kits, and asked for these registries alone. */
  public DockerEngine engine(String... registries) {
    EngineProperties properties = properties();
    return new DockerEngine(
        properties,
        new AllowedRegistries(List.of(registries), "caisson/static"),
        EngineClient.to(properties, new SimpleMeterRegistry()),
        new LoopDisks(Path.of("/nonexistent"), properties.endpoint(System.getenv())));
  }

  /** A client of the engine, as a service has it. */
  public EngineClient client() {
    return EngineClient.to(properties(), new SimpleMeterRegistry());
  }

  /** With these Docker parts besides. */
  public static EngineProperties properties(String... others) {
    Duration minute = Duration.ofMinutes(1);
    return new EngineProperties(
        null,
        KIT,
        KIT_DOCKER,
        List.of(others),
        Duration.ofSeconds(5),
        minute,
        minute,
        minute,
        minute,
        16,
        16,
        "debug");
  }

  /** A new version of the kit, and of its Docker part; another id each time. */
  public void make() {
    String version = Long.toString(System.nanoTime());
    image(
        KIT,
        Map.of(
            "opt/caisson/init", INIT,
            "opt/caisson/version", version,
            "opt/caisson/docker/", ""));
    image(KIT_DOCKER, Map.of("opt/caisson/docker/version", version));
  }

  /** An image with these files, all of them programs. */
  public void image(String name, Map<String, String> files) {
    // docker-java's own command sends the stream's JSON (3.7.1).
    Request request =
        Request.builder()
            .method(Request.Method.POST)
            .path("/images/create?fromSrc=-&tag=latest&repo=" + name)
            .bodyBytes(tar(files))
            .build();
    try (Response response = http.execute(request)) {
      String answer = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).as("the import of %s", name).contains("sha256:");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An image with a shell, in which this script is the kit's init. */
  public void holder(String name, String script) {
    String container = docker.createContainerCmd(STATIC).withCmd("never").exec().getId();
    try {
      put(container, "/", Map.of("opt/caisson/init", script));
      docker.commitCmd(container).withRepository(name).withTag("latest").exec();
    } finally {
      docker.removeContainerCmd(container).exec();
    }
  }

  private static byte[] tar(Map<String, String> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setMode(entry.isDirectory() ? 0040755 : 0100755);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Puts files into a container, whether it ever ran or not. */
  void put(String container, String path, Map<String, String> files) {
    docker
        .copyArchiveToContainerCmd(container)
        .withRemotePath(path)
        .withTarInputStream(new ByteArrayInputStream(tar(files)))
        .exec();
  }

  /** The containers that carry this label. */
  public List<String> containers(String label) {
    return docker
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(List.of(label))
        .exec()
        .stream()
        .map(container -> container.getId())
        .toList();
  }

  /** The volumes that were filled from an image of this name. */
  public List<String> kitVolumes(String image) {
    return docker
        .listVolumesCmd()
        .withFilter("label", List.of(Labels.KIT_IMAGE + "=" + image))
        .exec()
        .getVolumes()
        .stream()
        .map(volume -> volume.getName())
        .toList();
  }

  public void removeContainers(String label) {
    for (String container : containers(label)) {
      docker.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
    }
    docker.listVolumesCmd().withFilter("label", List.of(label)).exec().getVolumes().stream()
        .filter(volume -> volume.getName().startsWith("caisson-state-"))
        .forEach(volume -> docker.removeVolumeCmd(volume.getName()).exec());
  }

  /** Removes whatever was made under the names of the stand-ins. */
  public void removeKits() {
    for (String kit : List.of(KIT, KIT_DOCKER, OTHER_DOCKER)) {
      removeContainers(Labels.KIT_IMAGE + "=" + kit);
      kitVolumes(kit).forEach(volume -> docker.removeVolumeCmd(volume).exec());
      docker
          .listImagesCmd()
          .withReferenceFilter(kit)
          .exec()
          .forEach(image -> docker.removeImageCmd(image.getId()).withForce(true).exec());
    }
  }

  @Override
  public void close() throws IOException {
    docker.close();
  }
}
