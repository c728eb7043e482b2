package dev.caisson.it.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Escapes, tried by a hostile root in sandboxes with Docker, in every mode that runs here. A
 * program whose name begins with OPEN got somewhere it should not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public class SecurityIT {
  private static final String BUSYBOX = "/bin/busybox";

  private ServiceProcess service;
  private Api api;
  private ServerSocket listener;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    service =
        ServiceProcess.start(
            home,
            Map.of(
                "CAISSON_HOST_ISOLATIONS",
                "userns,rootless,capabilities",
                "SERVER_ADDRESS",
                "0.0.0.0"));
    api = service.api();
    // A daemon of the host, on all of its addresses.
    listener = new ServerSocket();
    listener.bind(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0));
  }

  @AfterAll
  void end() throws IOException {
    listener.close();
    service.close();
  }

  /** What this engine has of the three. */
  public static List<String> modes() {
    return Machine.run("docker", "info", "-f", "{{.SecurityOptions}}").contains("name=userns")
        ? List.of("userns", "rootless", "capabilities")
        : List.of("rootless", "capabilities");
  }

  private String sandbox(String mode) {
    return api.dockerSandbox(
        Map.of(
            "image",
            Machine.STATIC,
            "isolation",
            mode,
            "resources",
            Map.of("cpu", 0.5, "memory", "512Mi", "pids", 400)));
  }

  /** What a shell line of busybox programs printed; how it ended is its own to say. */
  private String said(String sandbox, String line) {
    JsonNode ended = api.exec(sandbox, BUSYBOX, "sh", "-c", line);
    return Api.text(ended, "stdout") + Api.text(ended, "stderr");
  }

  private void done(String sandbox) {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
  }

  /** By number, as on this machine's processor: no C library has a name for each. */
  @Test
  void aPlainSandboxIsNoNearerToTheKernelThanOneWithDocker() {
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    Map<String, Integer> calls =
        arm
            ? Map.of(
                "bpf",
                280,
                "keyctl",
                219,
                "mount",
                40,
                "perf_event_open",
                241,
                "unshare",
                97,
                "userfaultfd",
                282)
            : Map.of(
                "bpf",
                321,
                "keyctl",
                250,
                "mount",
                165,
                "perf_event_open",
                298,
                "unshare",
                272,
                "userfaultfd",
                323);
    String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    StringBuilder script = new StringBuilder("sub t { my ($n, $s, @c) = @_; $! = 0;");
    script.append(
        " syscall($s, @c); my $e = $! + 0; print $n, $e == 1 ? \" EPERM\" : \" reached: $e\", \"\\n\"; }\n");
    // The same numbers everywhere: they are newer than the processors' own ones.
    script.append("t('io_uring_setup', 425, 8, 0); t('io_uring_enter', 426, 0, 0, 0, 0, 0);\n");
    script.append("t('io_uring_register', 427, 0, 0, 0, 0); t('fsopen', 430, 0, 0);\n");
    script.append("t('open_tree', 428, -1, 0, 0); t('pidfd_getfd', 438, -1, 0, 0);\n");
    calls.forEach(
        (name, number) -> script.append("t('%s', %d, 0, 0, 0, 0, 0);\n".formatted(name, number)));
    script.append(
        "syscall(435, 0, 0); my $e = $! + 0; print 'clone3 ', $e == 38 ? 'ENOSYS' : $e;\n");

    JsonNode ended = api.exec(sandbox, "perl", "-e", script.toString());

    assertThat(Api.text(ended, "stdout").lines())
        .as(ended.toString())
        .hasSize(7 + calls.size())
        .allMatch(line -> line.endsWith(" EPERM") || line.equals("clone3 ENOSYS"));
    // Threads and processes are made as before.
    assertThat(Api.text(api.shell(sandbox, "seq 3 | xargs -P3 -n1 echo | sort"), "stdout"))
        .isEqualTo("1\n2\n3\n");
    done(sandbox);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void noDeviceOfTheHostCanBeOpened(String mode) {
    String sandbox = sandbox(mode);
    StringBuilder attempts = new StringBuilder("busybox mkdir -p /t; cd /t; ");
    for (String disk : disks()) {
      String[] numbers = disk.split(":", -1);
      attempts
          .append("busybox mknod d b %s %s; ".formatted(numbers[0], numbers[1]))
          .append("busybox dd if=d of=/dev/null bs=512 count=1 && echo OPENED-DISK; ")
          .append("busybox rm -f d; ");
    }
    attempts
        .append(
            "busybox mknod mem c 1 1; busybox dd if=mem of=/dev/null bs=1 count=1 && echo OPENED-MEM; ")
        .append(
            "busybox mknod kmsg c 1 11; busybox dd if=kmsg of=/dev/null bs=1 count=1 && echo OPENED-KMSG; ")
        // The list of devices is the host's to make.
        .append(
            "for d in /sys/fs/cgroup/devices /sys/fs/cgroup; do echo a > $d/devices.allow && echo asked; done; ")
        .append("busybox mknod d b %s; ".formatted(disks().getFirst().replace(':', ' ')))
        .append("busybox dd if=d of=/dev/null bs=512 count=1 && echo OPENED-AFTER-ALLOW; echo end");
    assertThat(said(sandbox, attempts.toString().replace("busybox", BUSYBOX)))
        .contains("end")
        .doesNotContain("OPENED");
    done(sandbox);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void noFileSystemOfTheHostCanBeMounted(String mode) {
    String sandbox = sandbox(mode);
    StringBuilder attempts = new StringBuilder("busybox mkdir -p /t/m /t/dev; cd /t; ");
    attempts.append("busybox mount -t devtmpfs dev dev && echo OPENED-DEVTMPFS; ");
    for (String disk : disks()) {
      attempts
          .append("busybox mknod d b %s; ".formatted(disk.replace(':', ' ')))
          .append("busybox mount -o ro d m && echo OPENED-MOUNT && busybox umount m; ")
          .append("busybox rm -f d; ");
    }
    attempts.append("busybox umount dev; echo end");
    String output = said(sandbox, attempts.toString().replace("busybox", BUSYBOX));
    if (!mode.equals("capabilities")) {
      assertThat(output).contains("end").doesNotContain("OPENED");
    } else {
      // A file system that the host has mounted is not opened again, so no list of devices is
      // asked: one of the reasons why this mode is no boundary.
      assertThat(warnings(sandbox)).contains("no boundary");
    }
    done(sandbox);
  }

  /** Major and minor numbers of the host's disks. */
  private static List<String> disks() {
    try {
      return Files.readAllLines(Path.of("/proc/partitions")).stream()
          .map(line -> line.strip().split("\\s+", -1))
          .filter(columns -> columns.length == 4 && columns[0].matches("\\d+"))
          .map(columns -> columns[0] + ":" + columns[1])
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void theKernelsSwitchesAreOutOfReach(String mode) throws IOException {
    Map<Path, String> before = switches();
    String sandbox = sandbox(mode);
    // A proc and a sys of one's own are mounted, too: the engine's are read-only.
    String output =
        said(
            sandbox,
            """
            B=/bin/busybox; $B mkdir -p /tmp/p /tmp/s
            $B mount -t proc proc /tmp/p; $B mount -t sysfs sys /tmp/s
            try() { [ -e $2 ] && echo "$1" > $2 && echo OPENED-$2; }
            for f in /proc/sys/kernel/core_pattern /tmp/p/sys/kernel/core_pattern; do try '|/bin/false' $f; done
            for f in /proc/sysrq-trigger /tmp/p/sysrq-trigger; do try h $f; done
            for f in /sys/kernel/uevent_helper /tmp/s/kernel/uevent_helper; do try /tmp/x $f; done
            for f in /proc/sys/vm/drop_caches /tmp/p/sys/vm/drop_caches; do try 1 $f; done
            echo end\
            """);
    Map<Path, String> after = switches();
    for (Map.Entry<Path, String> was : before.entrySet()) {
      if (!was.getValue().equals(after.get(was.getKey()))) {
        // The machine is not to keep what this test has found.
        Files.writeString(was.getKey(), was.getValue());
      }
    }
    if (!mode.equals("capabilities")) {
      assertThat(output).contains("end").doesNotContain("OPENED");
      assertThat(after).isEqualTo(before);
    } else {
      // Said in docs/security.md and in every answer: this mode is no boundary.
      assertThat(warnings(sandbox)).contains("no boundary");
    }
    done(sandbox);
  }

  /** What would have the host run a program, as it is set now. */
  private static Map<Path, String> switches() throws IOException {
    Map<Path, String> found = new HashMap<>();
    for (String file : List.of("/proc/sys/kernel/core_pattern", "/sys/kernel/uevent_helper")) {
      if (Files.exists(Path.of(file))) {
        found.put(Path.of(file), Files.readString(Path.of(file)));
      }
    }
    return found;
  }

  private String warnings(String sandbox) {
    return api.get("/v1/sandboxes/" + sandbox).json().get("warnings").toString();
  }

  @ParameterizedTest
  @MethodSource("modes")
  void limitsCannotBeLiftedFromWithin(String mode) {
    String sandbox = sandbox(mode);
    said(
        sandbox,
        """
        B=/bin/busybox; cd /sys/fs/cgroup
        echo -1 > memory/memory.memsw.limit_in_bytes; echo -1 > memory/memory.limit_in_bytes
        echo max > pids/pids.max; echo -1 > cpu/cpu.cfs_quota_us
        echo max > memory.max; echo max > pids.max; echo max > cpu.max; echo end\
        """);
    String pid =
        Machine.run("docker", "inspect", "-f", "{{.State.Pid}}", Machine.container(sandbox));
    assertThat(HostCgroups.smallest(pid, "memory", "memory.limit_in_bytes", "memory.max"))
        .isEqualTo(512L << 20);
    assertThat(HostCgroups.smallest(pid, "pids", "pids.max", "pids.max")).isEqualTo(400);
    assertThat(HostCgroups.smallest(pid, "cpu", "cpu.cfs_quota_us", "cpu.max")).isEqualTo(50_000);
    done(sandbox);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void innerContainersAreBoundByTheSandboxsLimits(String mode) {
    String sandbox = sandbox(mode);
    api.exec(sandbox, "docker", "run", "-d", "--name", "inner", "busybox", "sleep", "1000");
    long inner = Machine.hostPids(sandbox, "sleep").getFirst();
    assertThat(
            HostCgroups.smallest(
                Long.toString(inner), "memory", "memory.limit_in_bytes", "memory.max"))
        .isEqualTo(512L << 20);
    assertThat(HostCgroups.smallest(Long.toString(inner), "pids", "pids.max", "pids.max"))
        .isEqualTo(400);
    assertThat(HostCgroups.smallest(Long.toString(inner), "cpu", "cpu.cfs_quota_us", "cpu.max"))
        .isEqualTo(50_000);
    // And really: what asks for more is killed, and the sandbox answers.
    JsonNode greedy =
        api.exec(
            sandbox,
            "docker",
            "run",
            "--rm",
            "busybox",
            "dd",
            "if=/dev/zero",
            "of=/dev/null",
            "bs=1G");
    assertThat(greedy.get("exit").get("code").asInt()).as(greedy.toString()).isNotZero();
    api.shellIn(sandbox, "true");
    done(sandbox);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aReleaseAgentIsNotRunByTheHost(String mode) throws IOException {
    Path proof = Path.of("/tmp/caisson-release-agent-ran");
    Files.deleteIfExists(proof);
    String sandbox = sandbox(mode);
    String output =
        said(
            sandbox,
            """
            B=/bin/busybox; $B mkdir -p /tmp/c
            for c in net_cls perf_event net_prio hugetlb rdma misc memory pids; do $B mount -t cgroup -o $c cgroup /tmp/c 2>/dev/null && break; done
            for r in /tmp/c /sys/fs/cgroup/memory /sys/fs/cgroup/pids; do
              [ -e $r/release_agent ] && echo "/bin/touch /tmp/caisson-release-agent-ran" > $r/release_agent && echo OPENED-AGENT
              $B mkdir -p $r/x && echo 1 > $r/x/notify_on_release && (echo 0 > $r/x/cgroup.procs); $B rmdir $r/x
            done; echo end\
            """);
    done(sandbox);
    boolean ran = Files.deleteIfExists(proof);
    if (!mode.equals("capabilities")) {
      assertThat(output).contains("end").doesNotContain("OPENED");
      assertThat(ran).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void noSandboxReachesAnotherOrTheHostOrTheServiceOrTheMetadataAddress(String mode)
      throws Exception {
    String victim = sandbox(mode);
    api.start(victim, BUSYBOX, "httpd", "-f", "-p", "7777");
    String sandbox = sandbox(mode);
    assertThat(warnings(sandbox)).doesNotContain("network");
    String address = Machine.address(victim);
    // It does listen: its own sandbox reaches it.
    Eventually.holds(
        () -> said(victim, reach(address, 7777) + "wait"), answer -> answer.contains("REACHED"));
    StringBuilder attempts = new StringBuilder();
    attempts.append(reach(address, 7777));
    // Where the engine does not name it (20.10 does not), it is the first of the network.
    String subnet =
        Machine.run(
            "docker",
            "network",
            "inspect",
            "-f",
            "{{(index .IPAM.Config 0).Subnet}}",
            Machine.network(sandbox));
    String network = subnet.substring(0, subnet.indexOf('/'));
    int last = network.lastIndexOf('.') + 1;
    String gateway = network.substring(0, last) + (Integer.parseInt(network.substring(last)) + 1);
    assertThat(NetworkInterface.getByInetAddress(InetAddress.ofLiteral(gateway))).isNotNull();
    for (String host : hostAddresses()) {
      attempts.append(reach(host, listener.getLocalPort()));
      attempts.append(reach(host, service.port()));
    }
    attempts.append(reach(gateway, listener.getLocalPort())).append(reach(gateway, service.port()));
    attempts.append(reach("169.254.169.254", 80));
    attempts.append("wait; echo end");
    assertThat(hostAddresses()).isNotEmpty();
    assertThat(said(sandbox, attempts.toString())).contains("end").doesNotContain("REACHED");
    // From a container of its own with the sandbox's network, which is not the host's.
    assertThat(
            Api.text(
                api.exec(
                    sandbox,
                    "docker",
                    "run",
                    "--rm",
                    "--cap-add",
                    "NET_ADMIN",
                    "--net",
                    "host",
                    "busybox",
                    "sh",
                    "-c",
                    "nc -w 3 "
                        + address
                        + " 7777 </dev/null && echo REACHED; nc -w 3 "
                        + gateway
                        + " "
                        + service.port()
                        + " </dev/null && echo REACHED; echo end"),
                "stdout"))
        .contains("end")
        .doesNotContain("REACHED");
    // By IPv6 that an interface makes for itself: the bridge on the host has such an address. Last,
    // since an interface
    // that was down has lost its routes.
    assertThat(
            said(
                sandbox,
                "B=/bin/busybox; $B mkdir -p /tmp/p; $B mount -t proc proc /tmp/p;"
                    + " echo 0 > /tmp/p/sys/net/ipv6/conf/eth0/disable_ipv6;"
                    + " $B ip link set eth0 down; $B ip link set eth0 up;"
                    + " $B ping -6 -c 3 -W 1 ff02::1%eth0 | $B grep -q 'from fe80.*DUP' && echo REACHED-IPV6;"
                    + " echo end"))
        .contains("end")
        .doesNotContain("REACHED");
    done(sandbox);
    done(victim);
  }

  /** In the background: a host has an address for each of its bridges, and no answer takes long. */
  private static String reach(String address, int port) {
    return "(/bin/busybox nc -w 3 %1$s %2$d </dev/null && echo REACHED-%1$s-%2$d) & "
        .formatted(address, port);
  }

  /** IPv4 addresses of the host's own interfaces, loopback apart. */
  private static List<String> hostAddresses() {
    return Machine.words(Machine.run("hostname", "-I")).stream()
        .filter(address -> address.contains("."))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("modes")
  void whatTheWorldAndTheConfigurationOfferStaysReachable(String mode) {
    String sandbox = sandbox(mode);
    String registry = Machine.registryMirror();
    assertThat(said(sandbox, BUSYBOX + " wget -T 10 -qO- " + registry + "/v2/ && echo there"))
        .contains("there");
    JsonNode pull = api.exec(sandbox, "docker", "pull", "busybox");
    assertThat(pull.get("exit").get("code").asInt()).as(pull.toString()).isZero();
    // Names are resolved by those whom the engine's host asks, in the sandbox and in its
    // containers.
    String host = nameServers("/etc/resolv.conf");
    assertThat(said(sandbox, BUSYBOX + " grep ^nameserver /etc/resolv.conf")).contains(host);
    assertThat(
            Api.text(
                api.exec(sandbox, "docker", "run", "--rm", "busybox", "cat", "/etc/resolv.conf"),
                "stdout"))
        .contains(host);
    done(sandbox);
  }

  private static String nameServers(String file) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith("nameserver"))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void innerContainersThatAreGivenEverythingGetTheSandboxAndNotTheHost(String mode)
      throws IOException {
    String sandbox = sandbox(mode);
    Path secret = Files.createTempFile("caisson-secret", "");
    try {
      String output =
          Api.text(
              api.exec(
                  sandbox,
                  "docker",
                  "run",
                  "--rm",
                  "--pid",
                  "host",
                  "--net",
                  "host",
                  "-v",
                  "/:/host",
                  "busybox",
                  "sh",
                  "-c",
                  "cat /host/etc/hostname; ls /host"
                      + secret.getParent()
                      + "; ps | wc -l; cat /host/opt/caisson/version; ls /host/var/run/docker.sock"),
              "stdout");
      assertThat(output).startsWith(sandbox).doesNotContain(secret.getFileName().toString());
      assertThat(
              Api.text(
                  api.exec(sandbox, "docker", "-H", "unix:///run/docker.sock", "ps", "-a"),
                  "stdout"))
          .doesNotContain("caisson-registry");
    } finally {
      Files.delete(secret);
      done(sandbox);
    }
  }
}
