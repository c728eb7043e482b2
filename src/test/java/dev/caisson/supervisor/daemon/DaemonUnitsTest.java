package dev.caisson.supervisor.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.daemon.Units.Unit;
import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.wire.Request.DockerPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonUnitsTest {

  private static final DockerPlan NOTHING_ASKED = DockerPlan.builder().build();

  @TempDir Path root;

  @Test
  void thePlanIsSaidOnTheCommandLine() {
    Unit dockerd =
        of(
                DockerPlan.builder()
                    .registryMirrors(List.of("http://mirror.test:5000", "https://secure.test/"))
                    .insecureRegistries(List.of("10.0.0.0/8", "registry.test"))
                    .mtu(1400)
                    .bridgeAddress("10.201.0.1/24")
                    .addressPool("10.202.0.0/16")
                    .build(),
                Map.of())
            .dockerd(false);
    assertThat(dockerd.command())
        .startsWith(
            root.resolve("opt/caisson/docker/bin/nest").toString(),
            "settle",
            "--",
            root.resolve("opt/caisson/docker/bin/dockerd").toString())
        .contains("--live-restore")
        .containsSequence("--host", "unix://" + root.resolve("run/docker.sock"))
        .containsSequence("--storage-driver", "overlay2")
        .containsSequence("--registry-mirror", "http://mirror.test:5000")
        .containsSequence("--insecure-registry", "mirror.test:5000")
        .doesNotContain("secure.test")
        .containsSequence("--insecure-registry", "10.0.0.0/8")
        .containsSequence("--insecure-registry", "registry.test")
        .containsSequence("--mtu", "1400")
        .containsSequence("--bip", "10.201.0.1/24")
        .containsSequence("--default-address-pool", "base=10.202.0.0/16,size=24");
  }

  @Test
  void inANestBothAreEnteredAndContainersAreMadeForIt() throws Exception {
    Files.createDirectories(root.resolve("dev/.caisson"));
    Path kit = root.resolve("opt/caisson/docker");
    DaemonUnits units = of(NOTHING_ASKED, Map.of("PATH", "/image/bin"));
    String nest = kit.resolve("bin/nest").toString();
    assertThat(units.containerd().command())
        .startsWith(nest, "enter", "--", kit.resolve("bin/containerd").toString());
    assertThat(units.dockerd(false).command())
        .startsWith(nest, "enter", "--", kit.resolve("bin/dockerd").toString())
        .containsSequence("--mtu", "65520")
        .containsSequence("--userland-proxy-path", kit.resolve("bin-nest/docker-proxy").toString());
    // containerd's shims look for runc there.
    assertThat(units.containerd().env())
        .containsEntry(
            "PATH",
            kit.resolve("bin-nest")
                + ":"
                + kit.resolve("bin")
                + ":/image/bin:"
                + kit.resolve("bin-helpers"));
  }

  @Test
  void itsBridgesCarryWhatTheWayOutOfTheSandboxCarries() throws Exception {
    Files.createDirectories(root.resolve("proc/net"));
    Files.write(
        root.resolve("proc/net/route"),
        List.of(
            "Iface\tDestination\tGateway \tFlags",
            "eth1\t0000C90A\t00000000\t0001",
            "eth7\t00000000\t0100C90A\t0003"));
    Files.createDirectories(root.resolve("sys/class/net/eth7"));
    Files.writeString(root.resolve("sys/class/net/eth7/mtu"), "1400\n");
    assertThat(of(NOTHING_ASKED, Map.of()).dockerd(false).command())
        .containsSequence("--mtu", "1400")
        .containsSequence("--default-network-opt", "bridge=com.docker.network.driver.mtu=1400");
  }

  @Test
  void whatIsNotAskedForIsNotSaid() {
    assertThat(of(NOTHING_ASKED, Map.of()).dockerd(false).command())
        .doesNotContain("--mtu", "--bip", "--default-address-pool", "--registry-mirror");
  }

  @Test
  void theDaemonsFindTheKitsProgramsFirstAndGetOnlyWhatIsTheirs() {
    Map<String, String> env =
        of(
                NOTHING_ASKED,
                Map.of("PATH", "/image/bin", "HTTPS_PROXY", "http://proxy.test", "SECRET", "s"))
            .dockerd(false)
            .env();
    assertThat(env)
        .containsEntry(
            "PATH",
            root.resolve("opt/caisson/docker/bin-nest")
                + ":"
                + root.resolve("opt/caisson/docker/bin")
                + ":/image/bin:"
                + root.resolve("opt/caisson/docker/bin-helpers"))
        .containsEntry("HTTPS_PROXY", "http://proxy.test")
        .containsEntry("HOME", "/root")
        .containsEntry("XTABLES_LIBDIR", root.resolve("opt/caisson/docker/lib/xtables").toString())
        .doesNotContainKey("SECRET");
  }

  @Test
  void certificatesAreTheImagesOwnWhereItHasThem() throws Exception {
    assertThat(of(NOTHING_ASKED, Map.of()).dockerd(false).env())
        .containsEntry(
            "SSL_CERT_FILE", root.resolve("opt/caisson/docker/ca-certificates.crt").toString());
    Files.createDirectories(root.resolve("etc/ssl/certs"));
    Files.createFile(root.resolve("etc/ssl/certs/ca-certificates.crt"));
    assertThat(of(NOTHING_ASKED, Map.of()).dockerd(false).env()).doesNotContainKey("SSL_CERT_FILE");
  }

  private DaemonUnits of(DockerPlan plan, Map<String, String> env) {
    return new DaemonUnits(new DaemonLayout(root), plan, env);
  }
}
