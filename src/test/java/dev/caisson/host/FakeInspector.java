package dev.caisson.host;

import dev.caisson.host.EngineReport.Kind;
import dev.caisson.host.Findings.Check;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** A host that is what a test says. */
public final class FakeInspector implements HostInspector {
  public volatile boolean userns = true;
  public volatile boolean kit = true;
  public volatile boolean kitDocker = true;
  public volatile List<EngineReport.DockerKit> dockerKits = List.of();
  public volatile boolean delegate = true;
  public volatile String product = "Docker";
  public volatile int cgroup = 2;
  public volatile List<String> securityModules = List.of();
  public volatile List<String> missingLimits = List.of();
  public volatile Findings findings = findings(Check.OK, Check.OK, Check.OK);
  public volatile @Nullable RuntimeException failure;
  public volatile HostProperties properties = properties(null);

  /** What was to be prepared, each time. */
  public final List<PlacementSettings> grounds = new ArrayList<>();

  /** With what the operator names as the default. */
  public static HostProperties properties(@Nullable String isolation, String... allowed) {
    return new HostProperties(
        isolation,
        List.of(allowed),
        List.of(),
        true,
        DataSize.ofGigabytes(20),
        new HostProperties.Network(true, "10.203.0.0/16", List.of(), List.of("169.254.0.0/16"), 2));
  }

  public static Findings findings(Check preparation, Check parents, Check wall) {
    return findings(preparation, Check.OK, parents, wall);
  }

  /** And with this to say of the kit's Docker part. */
  public static Findings findings(Check preparation, Check toolkit, Check parents, Check wall) {
    return findings(preparation, toolkit, parents, wall, Check.failed("no /dev/net/tun"));
  }

  /** And with this to say of rootless sandboxes. */
  public static Findings findings(
      Check preparation, Check toolkit, Check parents, Check wall, Check rootless) {
    return findings(preparation, toolkit, parents, wall, rootless, Check.OK, Check.OK);
  }

  /** A host whose kernel has no tables of either kind, so that no wall can be made either. */
  public static Findings withoutTables(Check tables) {
    Check ok = Check.OK;
    return findings(ok, ok, tables, ok, tables, ok, ok, ok);
  }

  /** A good host, but for how it holds what sandboxes keep on the disk. */
  public static Findings disk(Check count, Check devices) {
    Check ok = Check.OK;
    return findings(ok, ok, ok, ok, Check.failed("no /dev/net/tun"), count, devices);
  }

  private static Findings findings(
      Check preparation,
      Check toolkit,
      Check parents,
      Check wall,
      Check rootless,
      Check diskCount,
      Check diskDevices) {
    return findings(
        preparation, toolkit, Check.OK, parents, wall, rootless, diskCount, diskDevices);
  }

  private static Findings findings(
      Check preparation,
      Check toolkit,
      Check tables,
      Check parents,
      Check wall,
      Check rootless,
      Check diskCount,
      Check diskDevices) {
    return new Findings(
        preparation,
        toolkit,
        Check.OK,
        tables,
        tables,
        Check.OK,
        parents,
        wall,
        rootless,
        diskCount,
        diskDevices,
        List.of("CAP_SYS_RESOURCE"),
        65_536,
        "nameserver 10.0.0.53");
  }

  /** A pre-flight of this host. */
  public Preflight preflight() {
    return preflight(new RegistryMirrors());
  }

  /** A pre-flight of this host, with these mirrors. */
  Preflight preflight(RegistryMirrors mirrors) {
    return new Preflight(this, properties, mirrors, new SimpleMeterRegistry(), Clock.systemUTC());
  }

  @Override
  public EngineReport engine() {
    if (failure != null) {
      throw failure;
    }
    return new EngineReport(
        product,
        "27",
        "1.47",
        "Debian",
        "6.18",
        "x86_64",
        4,
        8L << 30,
        cgroup,
        "cgroupfs",
        "overlay2",
        userns,
        securityModules,
        missingLimits,
        List.of(
            new EngineReport.OciRuntime("caisson", delegate ? Kind.CAISSON : Kind.UNKNOWN),
            new EngineReport.OciRuntime("runc", Kind.RUNC),
            new EngineReport.OciRuntime("runsc", Kind.GVISOR)),
        new EngineReport.Kit(kit, kitDocker, "1", dockerKits));
  }

  @Override
  public synchronized Findings examine(PlacementSettings ground) {
    grounds.add(ground);
    return findings;
  }
}
