package dev.caisson.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.host.EngineReport;
import dev.caisson.host.FakeInspector;
import dev.caisson.host.Findings.Check;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is refused before anything is made, and what is admitted with a warning. */
class AdmissionTest {
  private final FakeInspector host = new FakeInspector();

  @Test
  void whoAsksForNothingGetsTheBestThereIs() throws Exception {
    Admission admission = admit(false, 1 << 30, null);
    assertThat(admission.isolation()).isEqualTo(Isolation.USERNS);
    assertThat(admission.warnings()).isEmpty();
  }

  @Test
  void noBoundaryIsWarnedOf() throws Exception {
    host.properties = FakeInspector.properties("capabilities");
    host.cgroup = 1;
    assertThat(admit(true, 1 << 30, null).warnings())
        .singleElement()
        .asString()
        .contains("no boundary");
    host.findings = FakeInspector.findings(Check.OK, Check.failed("not root"), Check.failed("no"));
    assertThat(admit(true, 1 << 30, null).warnings())
        .hasSize(3)
        .anyMatch(warning -> warning.contains("lift the limits"))
        .anyMatch(warning -> warning.contains("network"));
  }

  @Test
  void rootlessIsWarnedOfWhereItsLimitsAreItsOwn() throws Exception {
    host.properties = FakeInspector.properties("rootless");
    host.findings =
        FakeInspector.findings(Check.OK, Check.OK, Check.failed("not root"), Check.OK, Check.OK);
    host.cgroup = 1;
    assertThat(admit(true, 1 << 30, null).warnings())
        .singleElement()
        .asString()
        .contains("lift the limits", "not root")
        .doesNotContain("devices");
    host.cgroup = 2;
    assertThat(admit(true, 1 << 30, null).warnings()).isEmpty();
  }

  @Test
  void aDiskThatIsNotHeldIsWarnedOf() throws Exception {
    host.findings = FakeInspector.disk(Check.OK, Check.failed("no loop"));
    assertThat(admit(true, 1 << 30, null).warnings()).isEmpty();
    assertThat(admit(spec(false, 1 << 30, 1L << 30), null).warnings()).isEmpty();
    assertThat(admit(spec(true, 1 << 30, 1L << 30), null).warnings())
        .singleElement()
        .asString()
        .contains("watched", "no loop");
    host.findings = FakeInspector.disk(Check.failed("it is elsewhere"), Check.failed("no loop"));
    assertThat(admit(false, 1 << 30, null).warnings())
        .singleElement()
        .asString()
        .contains("not held", "elsewhere");
  }

  @Test
  void moreMemoryThanTheHostHasIsRefused() {
    refused(false, 1L << 40, null, "TOO_MUCH_MEMORY");
  }

  @Test
  void anIsolationThatTheHostDoesNotHaveIsRefusedWithARemedy() {
    host.userns = false;
    refused(false, 1 << 30, "userns", "ISOLATION_UNAVAILABLE").hasMessageContaining("userns-remap");
    refused(false, 1 << 30, "rootless", "ISOLATION_UNAVAILABLE");
    refused(false, 1 << 30, "runtime:nobody", "ISOLATION_UNAVAILABLE");
  }

  @Test
  void anIsolationThatTheOperatorDoesNotAllowIsRefused() {
    refused(true, 1 << 30, "capabilities", "ISOLATION_NOT_ALLOWED")
        .hasMessageContaining("caisson.host.isolations");
  }

  @Test
  void dockerIsRefusedWhereTheRuntimeCannotCarryIt() throws Exception {
    refused(true, 1 << 30, "runtime:runsc", "DOCKER_UNAVAILABLE");
    assertThat(admit(false, 1 << 30, "runtime:runsc").isolation().runtime()).contains("runsc");
  }

  @Test
  void withoutAKitNothingIsMade() {
    host.kit = false;
    refused(false, 1 << 30, null, "KIT_MISSING").hasMessageContaining("kit/build.sh");
  }

  @Test
  void whereAnEngineCannotHoldALimitNothingIsMadeThatWouldBeWithoutIt() {
    host.missingLimits = List.of("cpu", "pids");
    refused(false, 1 << 30, null, "LIMITS_UNAVAILABLE")
        .hasMessageContaining("cannot limit cpu, pids")
        .hasMessageContaining("cgroup_enable");
  }

  @Test
  void podmanIsRefusedByNameAndNotExamined() {
    host.product = "Podman";
    host.missingLimits = List.of("cpu");
    refused(false, 1 << 30, null, "ISOLATION_UNAVAILABLE").hasMessageContaining("is Podman");
    refused(false, 1 << 30, "runc", "ISOLATION_UNAVAILABLE").hasMessageContaining("DOCKER_HOST");
    host.userns = false;
    refused(true, 1 << 30, null, "DOCKER_UNAVAILABLE").hasMessageContaining("is Podman");
    assertThat(host.grounds).isEmpty();
  }

  @Test
  void aVersionOfDockerIsThatOfAKit() throws Exception {
    host.dockerKits =
        List.of(
            new EngineReport.DockerKit("kit", true, "28.5.2", true),
            new EngineReport.DockerKit("other", true, "26.1.5", false));

    assertThat(admit(asking(true, "26"), null).spec().dockerVersion()).isEqualTo("26.1.5");
    assertThat(admit(asking(true, null), null).spec().dockerVersion()).isNull();
    assertThat(admit(asking(false, "27"), null).spec().dockerVersion()).isNull();
    assertThatThrownBy(() -> admit(asking(true, "27"), null))
        .isInstanceOfSatisfying(
            SandboxException.Unsupported.class,
            e -> {
              assertThat(e.code()).isEqualTo(SandboxErrorCode.DOCKER_VERSION_UNAVAILABLE);
              assertThat(e.details().get("reason")).asString().contains("27");
              assertThat(e.details().get("remedy"))
                  .asString()
                  .contains("28.5.2, 26.1.5", "caisson.engine.kit-docker-images");
            });
  }

  private static SandboxSpec asking(boolean docker, @Nullable String version) {
    return spec(docker, 1 << 30, 0).withDocker(version);
  }

  private AbstractThrowableAssert<?, ?> refused(
      boolean docker, long memory, @Nullable String wanted, String code) {
    return assertThatThrownBy(() -> admit(docker, memory, wanted))
        .isInstanceOfSatisfying(
            SandboxException.Unsupported.class, e -> assertThat(e.code().name()).isEqualTo(code));
  }

  private Admission admit(boolean docker, long memory, @Nullable String wanted)
      throws InterruptedException {
    return admit(spec(docker, memory, 0), wanted);
  }

  private static SandboxSpec spec(boolean docker, long memory, long disk) {
    return SandboxSpec.builder("debian", new Resources(1, memory, 100, disk))
        .docker(docker)
        .build();
  }

  private Admission admit(SandboxSpec spec, @Nullable String wanted) throws InterruptedException {
    return Admission.of(
        spec, wanted == null ? null : Isolation.of(wanted), host.preflight().report());
  }
}
