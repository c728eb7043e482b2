package dev.caisson.it.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * An image is the same in a sandbox with Docker as in one without: paths, owners, modes, mounts and
 * settings of the kernel, as a process sees them, but for a list of what Docker needs. In the
 * isolation that this host gives by default.
 *
 * <p>The images are those of {@code src/test/resources/images}; a Dockerfile more is a case more.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnchangedImageIT {
  private static final Path IMAGES = Path.of("src/test/resources/images");
  private static final String PREFIX = "caisson-test-image-";
  private static final String TOOL = "/busybox-of-the-test";

  /** What differs in any image, each for its reason. */
  private static final List<Pattern> ALLOWED =
      Stream.of(
              // The toolkit and the daemons' data, mounted.
              "(path|mount) /opt/caisson/docker .*",
              "(path|mount) /var/lib/(docker|containerd)( .*|/.*)",
              // The daemons' own places; the socket is where clients look for it.
              "path /(var/)?(run|volatile)/(docker|containerd|caisson-docker)( .*|/.*)",
              "path /(var/)?(run|volatile)/docker\\.sock .*",
              // In directories of the image that are there, for the CLI and its plugins.
              "path /usr/libexec(/docker(/cli-plugins(/docker-(compose|buildx))?)?)? .*",
              // Inner containers get cgroups of their own.
              "mount /sys/fs/cgroup(/.*)? .*",
              // Interfaces are dockerd's to make.
              "setting /proc/sys/net/ipv[46]/(conf|neigh)/(docker0|veth\\w+|br-\\w+)(/.*)? .*",
              // What the host lets anybody open; a nest's ways to a network and to a proc.
              "(path|mount) /dev/(fuse|net|net/tun|\\.caisson) .*",
              "mount /dev/\\.caisson/proc .*",
              // A nest names what is masked, and masks what engines do today.
              "mount /proc/interrupts .*")
          .map(Pattern::compile)
          .toList();

  /** What an image without these directories gets, since clients and daemons cannot do without. */
  private static final Map<String, List<Pattern>> ALLOWED_OF =
      Map.of(
          "one-static-file",
          List.of(
              Pattern.compile("path /tmp .*directory.* 1777 0:0"),
              Pattern.compile("path /var/run .*link.*"),
              Pattern.compile("path /usr(/libexec)? .*")),
          "busybox",
          List.of(
              Pattern.compile("path /var/run .*link.*"),
              Pattern.compile("path /usr(/libexec)? .*")));

  private ServiceProcess service;
  private Api api;
  private byte[] tool;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    service = ServiceProcess.start(home);
    api = service.api();
    Path busybox = home.resolve("busybox");
    String container = Machine.run("docker", "create", Machine.STATIC);
    try {
      Machine.run("docker", "cp", container + ":/bin/busybox", busybox.toString());
    } finally {
      Machine.run("docker", "rm", container);
    }
    tool = Files.readAllBytes(busybox);
  }

  @AfterAll
  void end() {
    service.close();
    for (String image : images()) {
      Machine.attempt("docker", "rmi", PREFIX + image);
    }
  }

  static List<String> images() {
    try (Stream<Path> files = Files.list(IMAGES)) {
      return files
          .map(file -> file.getFileName().toString().replace(".Dockerfile", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void anImageIsTheSameWithDocker(String image) {
    Machine.run(
        "docker",
        "build",
        "-q",
        "-t",
        PREFIX + image,
        "-f",
        IMAGES.resolve(image + ".Dockerfile").toString(),
        IMAGES.toString());
    Set<String> without = seen(api.sandbox(Map.of("image", PREFIX + image)));
    String sandbox = api.dockerSandbox(PREFIX + image);
    // Whatever a daemon makes when it is used is there, too.
    JsonNode ran = api.exec(sandbox, "docker", "run", "--rm", "-p", "8099:80", "busybox", "true");
    assertThat(ran.get("exit").get("code").asInt()).as(ran.toString()).isZero();
    assertThat(difference(without, seen(sandbox), image)).isEmpty();
  }

  /** Lines that only one of them has, with a sign of which: {@code -} is gone, {@code +} is new. */
  private static Set<String> difference(Set<String> without, Set<String> with, String image) {
    Set<String> result = new TreeSet<>();
    without.stream().filter(line -> !with.contains(line)).forEach(line -> result.add("- " + line));
    with.stream().filter(line -> !without.contains(line)).forEach(line -> result.add("+ " + line));
    result.removeIf(line ->
        Stream.concat(ALLOWED.stream(), ALLOWED_OF.getOrDefault(image, List.of()).stream())
            .anyMatch(allowed -> allowed.matcher(line.substring(2)).matches()));
    return result;
  }

  /** All that root sees, a line for each thing; the sandbox ends with it. */
  private Set<String> seen(String sandbox) {
    api.put(
            "/v1/sandboxes/" + sandbox + "/files/content?path=" + TOOL + "&mode=0755&owner=0",
            HttpRequest.BodyPublishers.ofByteArray(tool))
        .expecting(201);
    String find =
        """
        B=%s
        $B find / \\( -path /proc -o -path /sys -o -path /opt/caisson/docker -o -path /var/lib/caisson -o -path /dev/pts \\) -prune \
        -o -exec $B stat -c 'path %%n %%F %%a %%u:%%g %%s' {} +
        $B find /proc/sys -exec $B stat -c 'setting %%n %%a' {} +
        $B awk '{print "mount", $2, $3, $4}' /proc/self/mounts
        """
            .formatted(TOOL);
    JsonNode ended =
        api.post(
                "/v1/sandboxes/" + sandbox + "/processes",
                Map.of("command", List.of(TOOL, "sh", "-c", find), "user", "0"))
            .expecting(200);
    Set<String> result = new TreeSet<>();
    String output =
        api.get("/v1/sandboxes/" + sandbox + "/processes/" + ended.get("pid").asLong() + "/stdout")
            .text();
    output.lines().map(UnchangedImageIT::comparable).forEach(result::add);
    assertThat(ended.get("exit").get("code").asInt()).as(Api.text(ended, "stderr")).isZero();
    assertThat(result).hasSizeGreaterThan(100);
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
    return result;
  }

  /**
   * Without what differs from sandbox to sandbox: layers, sizes of directories, and of names and
   * addresses.
   */
  private static String comparable(String line) {
    if (line.startsWith("mount / overlay ")) {
      return line.replaceFirst("lowerdir=.*", "");
    }
    boolean sized = line.contains(" regular ") && !line.startsWith("path /etc/host");
    return sized ? line : line.replaceFirst("^(path .*) \\d+$", "$1");
  }
}
