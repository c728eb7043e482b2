package dev.caisson.it.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ProcessorTime;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.Traces;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Docker in a sandbox that has no more than the usual capabilities, for engines without user
 * namespaces; on one with them the sandbox is taken out of them. What a hostile root tries is tried
 * from where it is more: in the nest, and by containers that are given everything.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RootlessIT {
  private static final String BUSYBOX = "/bin/busybox";

  /** Docker's own fourteen. */
  private static final String USUAL = "00000000a80425fb";

  private ServiceProcess service;
  private Api api;

  @BeforeAll
  void start(@TempDir Path home) {
    service = ServiceProcess.start(home, Map.of("CAISSON_HOST_ISOLATIONS", "rootless"));
    api = service.api();
  }

  @AfterAll
  void end() {
    service.close();
  }

  private String sandbox() {
    return api.dockerSandbox(
        Map.of(
            "image",
            Machine.STATIC,
            "isolation",
            "rootless",
            "resources",
            Map.of("memory", "512Mi", "pids", 400)));
  }

  private void done(String sandbox) {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
  }

  private String docker(String sandbox, String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "docker";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    JsonNode ended = api.exec(sandbox, command);
    assertThat(ended.get("exit").get("code").asInt())
        .as("%s: %s", Arrays.toString(command), ended)
        .isZero();
    return Api.text(ended, "stdout").strip();
  }

  /** What a shell line of busybox programs printed; how it ended is its own to say. */
  private String said(String sandbox, String... command) {
    JsonNode ended = api.exec(sandbox, command);
    return Api.text(ended, "stdout") + Api.text(ended, "stderr");
  }

  private static Path process(long pid) {
    return Path.of("/proc", Long.toString(pid));
  }

  private static String users(long pid) throws IOException {
    return Files.readSymbolicLink(process(pid).resolve("ns/user")).toString();
  }

  private static String field(long pid, String name) throws IOException {
    return Files.readAllLines(process(pid).resolve("status")).stream()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theSandboxHasTheUsualCapabilitiesAndItsDaemonsHaveTheirsInANestOnly() throws IOException {
    String sandbox = sandbox();
    JsonNode answer = api.get("/v1/sandboxes/" + sandbox).json();
    assertThat(answer.get("isolation").asString()).isEqualTo("rootless");
    assertThat(answer.get("warnings").toString()).doesNotContain("no boundary");
    assertThat(
            Machine.run(
                "docker",
                "inspect",
                "-f",
                "{{.HostConfig.Privileged}} {{.HostConfig.CapAdd}}",
                Machine.container(sandbox)))
        .isEqualTo("false []");
    long supervisor = Machine.hostPids(sandbox, "java").getFirst();
    assertThat(field(supervisor, "CapEff")).isEqualTo(USUAL);
    assertThat(field(supervisor, "CapBnd")).isEqualTo(USUAL);
    long dockerd = Machine.hostPids(sandbox, "dockerd").getFirst();
    assertThat(users(dockerd)).isNotEqualTo(users(supervisor));
    Set<String> ofTheSandbox = new HashSet<>();
    for (String pid :
        Machine.words(Machine.run("docker", "top", Machine.container(sandbox), "-eo", "pid"))) {
      if (!pid.equals("PID") && users(Long.parseLong(pid)).equals(users(supervisor))) {
        ofTheSandbox.add(field(Long.parseLong(pid), "CapBnd"));
      }
    }
    assertThat(ofTheSandbox).containsExactly(USUAL);
    done(sandbox);
  }

  @Test
  void imagesArePulledBuiltAndRunAndPortsArePublished() {
    String sandbox = sandbox();
    assertThat(docker(sandbox, "run", "--rm", "hello")).isNotEmpty();
    assertThat(
            docker(
                sandbox,
                "run",
                "--rm",
                "-m",
                "64m",
                "busybox",
                "grep",
                "-c",
                ".",
                "/proc/1/status"))
        .matches("\\d+");
    docker(
        sandbox,
        "run",
        "-d",
        "--name=web",
        "-p",
        "8080:80",
        "busybox",
        "sh",
        "-c",
        "mkdir /w; echo served >/w/index.html; exec httpd -f -p 80 -h /w");
    Eventually.holds(() -> fetched(sandbox), "served\n"::equals);
    // A port that is taken in the sandbox is refused, as anywhere.
    JsonNode taken = api.exec(sandbox, "docker", "run", "--rm", "-p", "8080:80", "busybox", "true");
    assertThat(taken.get("exit").get("code").asInt()).as(taken.toString()).isNotZero();
    // And the sandbox is seen from its containers.
    api.shellIn(sandbox, BUSYBOX + " mkdir -p /tmp/w; echo of-the-sandbox >/tmp/w/index.html");
    api.start(sandbox, BUSYBOX, "httpd", "-f", "-p", "7777", "-h", "/tmp/w");
    Eventually.holds(
        () -> api.get("/v1/sandboxes/" + sandbox + "/ports/7777/").text(),
        "of-the-sandbox\n"::equals);
    assertThat(
            docker(
                sandbox,
                "run",
                "--rm",
                "--add-host=sandbox:host-gateway",
                "busybox",
                "wget",
                "-T",
                "30",
                "-qO-",
                "http://sandbox:7777/"))
        .isEqualTo("of-the-sandbox");
    api.shellIn(
        sandbox,
        """
        mkdir -p /tmp/b; cd /tmp/b
        printf 'FROM busybox\\nRUN echo built >/x\\nCMD ["cat","/x"]\\n' >Dockerfile
        """
            .replace("mkdir", BUSYBOX + " mkdir"));
    docker(sandbox, "build", "-t", "made", "/tmp/b");
    assertThat(docker(sandbox, "run", "--rm", "made")).isEqualTo("built");
    done(sandbox);
  }

  @Test
  void aPublishedUdpPortAnswersAfterASilenceToo(@TempDir Path directory) throws IOException {
    String sandbox = sandbox();
    Path udp = directory.resolve("udp");
    Machine.run(
        "gcc",
        "-static",
        "-Wall",
        "-Werror",
        "-o",
        udp.toString(),
        "src/test/resources/nest/udp.c");
    api.put(
            "/v1/sandboxes/" + sandbox + "/files/content?path=/udp&mode=0755",
            HttpRequest.BodyPublishers.ofFile(udp))
        .expecting(201);
    api.shellIn(sandbox, "echo 1 >/run/caisson-docker/nest/udp-idle");
    docker(
        sandbox,
        "run",
        "-d",
        "-p",
        "5353:53/udp",
        "-v",
        "/udp:/udp",
        "hello",
        "/udp",
        "serve",
        "53");
    List<Long> relays = Machine.hostPids(sandbox, "docker-proxy");
    assertThat(relays).isNotEmpty();
    // It may not listen yet: what is lost is said again.
    Eventually.holds(() -> said(sandbox, "/udp", "ask", "5353", "first"), "first"::equals);
    for (int round = 0; round < 3; round++) {
      long before = relays.stream().mapToLong(ProcessorTime::ticks).sum();
      // The peer is forgotten meanwhile: of its relay's sockets, the one that listens is left.
      Eventually.holds(
          () -> relays.stream().mapToLong(RootlessIT::sockets).sum(), s -> s == relays.size());
      assertThat(said(sandbox, "/udp", "ask", "5353", "round " + round))
          .isEqualTo("round " + round);
      assertThat(relays.stream().mapToLong(ProcessorTime::ticks).sum() - before)
          .as("ticks of the relays in a silence")
          .isLessThan(10);
    }
    done(sandbox);
  }

  private static long sockets(long pid) {
    return Machine.run("sh", "-c", "ls -l /proc/" + pid + "/fd")
        .lines()
        .filter(line -> line.contains("socket:"))
        .count();
  }

  /** As a Docker of another day would write it: the shim is changed below the daemon. */
  @Test
  void aContainerWhoseConfigurationHasAnotherFormIsRefusedInWords() {
    String sandbox = sandbox();
    api.shellIn(
        sandbox,
        """
        B=/bin/busybox; N=/opt/caisson/docker/bin/nest
        $B mkdir -p /tmp/real; for name in runc docker-proxy; do $B cp $N /tmp/real/$name; done
        $B cat >/tmp/shim <<'E'
        #!/bin/busybox sh
        for word; do [ "$last" = --bundle ] && /bin/busybox sed -i 's/"type":"proc"/"type": "proc"/' "$word/config.json"; last=$word; done
        exec /tmp/real/${0##*/} "$@"
        E
        $B chmod 755 /tmp/shim
        $N enter -- $B mount --bind /tmp/shim $N
        """);
    JsonNode ended = api.exec(sandbox, "docker", "run", "--rm", "hello");
    String words = "config.json: the mount of /proc has no form that is known";
    assertThat(ended.get("exit").get("code").asInt()).isNotZero();
    assertThat(Api.text(ended, "stderr")).contains(words);
    assertThat(api.get("/v1/sandboxes/" + sandbox + "/docker/log?raw=true").text()).contains(words);
    api.shellIn(sandbox, "N=/opt/caisson/docker/bin/nest; $N enter -- /bin/busybox umount $N");
    assertThat(docker(sandbox, "run", "--rm", "hello")).isNotEmpty();
    done(sandbox);
  }

  private String fetched(String sandbox) {
    return api.get("/v1/sandboxes/" + sandbox + "/ports/8080/").text();
  }

  @Test
  void containersAndTheirPortsOutliveDaemonsAndWhateverHoldsTheNest() {
    String sandbox = sandbox();
    String docker = "/v1/sandboxes/" + sandbox + "/docker";
    docker(
        sandbox,
        "run",
        "-d",
        "--name=web",
        "-p",
        "8080:80",
        "busybox",
        "sh",
        "-c",
        "mkdir /w; echo served >/w/index.html; exec httpd -f -p 80 -h /w");
    String id = docker(sandbox, "ps", "-q", "--no-trunc");
    Eventually.holds(() -> fetched(sandbox), "served\n"::equals);
    killed(sandbox, "dockerd", 1);
    assertThat(docker(sandbox, "ps", "-q", "--no-trunc")).isEqualTo(id);
    Eventually.holds(() -> fetched(sandbox), "served\n"::equals);
    killed(sandbox, "containerd", 2);
    assertThat(docker(sandbox, "ps", "-q", "--no-trunc")).isEqualTo(id);
    // The holder is replaced by the keeper, at once; the network stays as it is.
    long pasta = pasta(sandbox).getFirst();
    long holder = Machine.hostPids(sandbox, "nest-holder").getFirst();
    Machine.kill9(holder);
    Eventually.holds(
        () -> Machine.hostPids(sandbox, "nest-holder"),
        pids -> pids.size() == 1 && !pids.contains(holder));
    assertThat(pasta(sandbox)).containsExactly(pasta);
    // The network too.
    String registry = Machine.registryMirror();
    Machine.kill9(pasta);
    Eventually.holds(() -> pasta(sandbox), pids -> pids.size() == 1 && !pids.contains(pasta));
    Eventually.holds(
        () ->
            api.exec(
                    sandbox, "docker", "exec", "web", "wget", "-T", "10", "-qO-", registry + "/v2/")
                .get("exit")
                .get("code")
                .asInt(),
        code -> code == 0);
    // The keeper with the next daemon that enters.
    Machine.kill9(Machine.hostPids(sandbox, "nest-keeper").getFirst());
    api.post(docker + "/restart", Map.of()).expecting(200);
    Eventually.holds(() -> Machine.hostPids(sandbox, "nest-keeper"), pids -> pids.size() == 1);
    Eventually.holds(
        () -> api.get(docker).expecting(200), d -> d.get("state").asString().equals("READY"));
    assertThat(docker(sandbox, "ps", "-q", "--no-trunc")).isEqualTo(id);
    Eventually.holds(() -> fetched(sandbox), "served\n"::equals);
    assertThat(docker(sandbox, "exec", "web", "cat", "/w/index.html")).isEqualTo("served");
    done(sandbox);
  }

  private static List<Long> pasta(String sandbox) {
    List<Long> plain = Machine.hostPids(sandbox, "pasta");
    return plain.isEmpty() ? Machine.hostPids(sandbox, "pasta.avx2") : plain;
  }

  private void killed(String sandbox, String program, int restarts) {
    Machine.kill9(Machine.hostPids(sandbox, program).getFirst());
    JsonNode back =
        Eventually.holds(
            () -> api.get("/v1/sandboxes/" + sandbox + "/docker").expecting(200),
            d ->
                d.get("restarts").asInt() == restarts && d.get("state").asString().equals("READY"));
    System.out.printf(
        "rootless: READY %d ms after kill -9 of %s%n",
        back.get("history").get(0).get("backAfterMs").asLong(), program);
  }

  /** Tried as root of the sandbox, as root of the nest, and in a container with all there is. */
  @Test
  void theHostsSettingsDevicesAndFilesAreOutOfReachFromTheNestToo() throws IOException {
    Path pattern = Path.of("/proc/sys/kernel/core_pattern");
    String before = Files.readString(pattern);
    String sandbox = sandbox();
    docker(sandbox, "run", "-d", "--name=inner", "--privileged", "busybox", "sleep", "10000");
    String attempts =
        """
        B=/bin/busybox; $B mkdir -p /tmp/p /tmp/s /tmp/d /tmp/m /tmp/q; cd /tmp
        w() { [ -e $2 ] && ( echo "$1" > $2 ) 2>/dev/null && echo OPENED-$2; }
        $B mount -t proc proc /tmp/p && echo OPENED-writable-proc
        $B mount -t proc -o ro proc /tmp/p
        $B mount -o remount,rw /tmp/p && echo OPENED-remount
        $B mount -o remount,rw /proc && [ -e /proc/sys/kernel/core_pattern ] && w '|/bin/false' /proc/sys/kernel/core_pattern
        $B mount --bind /proc /tmp/q; $B mount -o remount,bind,rw /tmp/q; $B umount /proc/sys; $B umount /proc
        for r in /proc /tmp/p /tmp/q; do
          w '|/bin/false' $r/sys/kernel/core_pattern; w h $r/sysrq-trigger; w 1 $r/sys/vm/drop_caches; done
        for r in /proc/[0-9]*; do w '|/bin/false' $r/root/proc/sys/kernel/core_pattern; done
        $B mount -t sysfs sysfs /tmp/s && w x /tmp/s/kernel/uevent_helper
        w x /sys/kernel/uevent_helper
        $B mount -t devtmpfs dev /tmp/d && echo OPENED-devtmpfs
        while read a b c d; do case $a in [0-9]*)
          $B mknod /tmp/disk b $a $b; $B dd if=/tmp/disk of=/dev/null bs=512 count=1 2>/dev/null && echo OPENED-$d
          $B mount -t ext4 -o ro /tmp/disk /tmp/m && echo OPENED-mount-$d; $B rm -f /tmp/disk;; esac; done < /proc/partitions
        $B umount /dev/.caisson; $B umount -l /dev; $B ls /dev/.caisson/proc 2>/dev/null && echo OPENED-hidden-proc
        $B mount --rbind /dev /tmp/m && { $B umount /tmp/m/.caisson; $B ls /tmp/m/.caisson/proc && echo OPENED-hidden-bound; }
        $B mount -o remount,bind,rw /opt/caisson && echo OPENED-kit; w x /opt/caisson/version
        for c in memory pids; do $B mkdir -p /tmp/c-$c; $B mount -t cgroup -o $c cgroup /tmp/c-$c; done
        w -1 /tmp/c-memory/memory.memsw.limit_in_bytes >/dev/null; w -1 /tmp/c-memory/memory.limit_in_bytes >/dev/null
        w max /tmp/c-pids/pids.max >/dev/null
        w a /sys/fs/cgroup/devices/devices.allow; w x /tmp/c-memory/release_agent
        echo end
        """;
    try {
      assertThat(said(sandbox, BUSYBOX, "sh", "-c", attempts))
          .as("root of the sandbox")
          .contains("end")
          .doesNotContain("OPENED");
      assertThat(said(sandbox, BUSYBOX, "unshare", "-Urmn", BUSYBOX, "sh", "-c", attempts))
          .as("root of a user namespace of its own")
          .contains("end")
          .doesNotContain("OPENED");
      assertThat(said(sandbox, "docker", "exec", "inner", "sh", "-c", attempts))
          .as("root of a privileged container")
          .contains("end")
          .doesNotContain("OPENED");
      assertThat(
              said(
                  sandbox,
                  "/opt/caisson/docker/bin/nest",
                  "enter",
                  "--",
                  BUSYBOX,
                  "unshare",
                  "-m",
                  BUSYBOX,
                  "sh",
                  "-c",
                  attempts))
          .as("root of the nest")
          .contains("end")
          .doesNotContain("OPENED");
      assertThat(Files.readString(pattern)).isEqualTo(before);
      String pid =
          Machine.run("docker", "inspect", "-f", "{{.State.Pid}}", Machine.container(sandbox));
      assertThat(HostCgroups.smallest(pid, "memory", "memory.limit_in_bytes", "memory.max"))
          .isEqualTo(512L << 20);
      assertThat(HostCgroups.smallest(pid, "pids", "pids.max", "pids.max")).isEqualTo(400);
    } finally {
      if (!Files.readString(pattern).equals(before)) {
        // The machine is not to keep what this test has found.
        Files.writeString(pattern, before);
      }
      done(sandbox);
    }
  }

  @Test
  void nothingIsLeftOnTheHost() {
    String sandbox = sandbox();
    docker(sandbox, "run", "-d", "-p", "8080:80", "busybox", "sleep", "10000");
    Traces traces = Traces.of(sandbox);
    done(sandbox);
    assertThat(Eventually.holds(traces::left, List::isEmpty)).isEmpty();
  }
}
