package dev.caisson.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.host.Findings.Check;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows from what a host is, on hosts that this machine is not. */
class HostChoicesTest {
  private final FakeInspector host = new FakeInspector();

  private HostChoices choices() {
    return new HostChoices(host.engine(), host.findings, host.properties);
  }

  private Choice docker() {
    HostChoices choices = choices();
    return choices.isolation(choices.modes(), true);
  }

  private Choice plain() {
    HostChoices choices = choices();
    return choices.isolation(choices.modes(), false);
  }

  private Mode mode(String name) {
    return choices().modes().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void userNamespacesAreChosenWhereTheEngineHasThem() {
    assertThat(docker().value()).isEqualTo("userns");
    assertThat(plain().value()).isEqualTo("userns");
    assertThat(mode("userns").boundary()).isTrue();
    assertThat(mode("runc").available()).isFalse();
    assertThat(mode("capabilities").allowed()).isFalse();
  }

  @Test
  void dockerWithoutABoundaryIsRefusedWithItsReasonAndItsRemedies() {
    host.userns = false;
    assertThat(docker().works()).isFalse();
    assertThat(docker().value()).isNull();
    assertThat(docker().reason()).contains("does not remap users", "no /dev/net/tun");
    assertThat(docker().remedy())
        .contains("userns-remap", "max_user_namespaces", "caisson.sandbox.isolation=capabilities");
    assertThat(plain().value()).isEqualTo("runc");
    assertThat(plain().works()).isTrue();
    assertThat(mode("userns").available()).isFalse();
    assertThat(mode("userns").remedy()).contains("userns-remap");
    assertThat(mode("capabilities").allowed()).isFalse();
    HostChoices choices = choices();
    assertThat(choices.warnings(docker(), choices.network()))
        .anyMatch(warning -> warning.startsWith("No sandbox can have Docker: "));
  }

  @Test
  void anOperatorWhoTrustsHisCallersChoosesDockerWithoutABoundaryAndThatIsSaid() {
    host.userns = false;
    host.properties = FakeInspector.properties("capabilities");
    assertThat(docker().value()).isEqualTo("capabilities");
    assertThat(docker().works()).isTrue();
    assertThat(plain().value()).isEqualTo("runc");
    HostChoices choices = choices();
    assertThat(choices.warnings(docker(), choices.network()))
        .anyMatch(warning -> warning.contains("no boundary"));
  }

  @Test
  void ofAnEngineWithoutRootNothingIsAskedThatItCannotDo() {
    host.userns = false;
    host.securityModules = List.of("seccomp", "rootless");
    assertThat(docker().works()).isFalse();
    assertThat(docker().remedy())
        .contains("let root run the engine", "caisson.sandbox.isolation=capabilities")
        .doesNotContain("userns-remap", "kernel of 5.11");
    assertThat(mode("userns").remedy()).contains("let root run the engine");
    assertThat(mode("rootless").remedy()).contains("let root run the engine");
    assertThat(plain().value()).isEqualTo("runc");
    assertThat(plain().works()).isTrue();
  }

  @Test
  void whereAnEngineCannotHoldALimitNoModeIsThere() {
    host.missingLimits = List.of("memory");
    assertThat(choices().warnings(docker(), choices().network()))
        .contains("No sandbox can be made: the engine cannot limit memory of a container");
    assertThat(choices().modes()).noneMatch(Mode::available).noneMatch(Mode::docker);
    assertThat(plain().works()).isFalse();
    assertThat(docker().works()).isFalse();
    assertThat(docker().reason()).contains("cannot limit memory");
    assertThat(docker().remedy()).contains("cgroup_enable=memory");
  }

  @Test
  void withoutUserNamespacesNoLimitIsNoMatterOfTrust() {
    host.userns = false;
    host.missingLimits = List.of("cpu");
    assertThat(docker().works()).isFalse();
    assertThat(docker().reason()).isEqualTo("the engine cannot limit cpu of a container");
    assertThat(docker().remedy()).contains("Delegate=cpu");
  }

  @Test
  void rootlessIsABoundaryForDockerWithoutThem() {
    host.userns = false;
    host.findings = FakeInspector.findings(Check.OK, Check.OK, Check.OK, Check.OK, Check.OK);
    assertThat(docker().value()).isEqualTo("rootless");
    assertThat(plain().value()).isEqualTo("runc");
    assertThat(mode("rootless").allowed()).isTrue();
    assertThat(choices().warnings(docker(), choices().network()))
        .noneMatch(warning -> warning.contains("no boundary"));
  }

  @Test
  void rootlessIsNoBoundaryWhereItsLimitsCannotBeHeldFromAbove() {
    host.userns = false;
    host.cgroup = 1;
    host.findings =
        FakeInspector.findings(Check.OK, Check.OK, Check.failed("not root"), Check.OK, Check.OK);
    assertThat(docker().works()).isFalse();
    assertThat(docker().reason()).contains("lift its limits");
    assertThat(mode("rootless").boundary()).isFalse();
  }

  @Test
  void rootlessIsLessThanUserNamespacesAndTheOperatorsToAllow() {
    host.findings = FakeInspector.findings(Check.OK, Check.OK, Check.OK, Check.OK, Check.OK);
    assertThat(docker().value()).isEqualTo("userns");
    assertThat(mode("rootless").available()).isTrue();
    assertThat(mode("rootless").allowed()).isFalse();
    host.properties = FakeInspector.properties(null, "rootless");
    assertThat(mode("rootless").allowed()).isTrue();
  }

  @Test
  void whatASandboxLacksForRootlessIsSaid() {
    assertThat(mode("rootless").available()).isFalse();
    assertThat(mode("rootless").reason()).contains("no /dev/net/tun");
    assertThat(mode("rootless").remedy()).contains("max_user_namespaces");
  }

  @Test
  void whatTheOperatorNamesIsWhatOneGetsAndMayAskFor() {
    host.properties = FakeInspector.properties("capabilities");
    assertThat(docker().value()).isEqualTo("capabilities");
    assertThat(plain().value()).isEqualTo("userns");
    assertThat(mode("capabilities").allowed()).isTrue();
  }

  @Test
  void aListOfTheOperatorIsTheWholeList() {
    host.properties = FakeInspector.properties(null, "runtime:runsc");
    assertThat(mode("runtime:runsc").allowed()).isTrue();
    assertThat(mode("userns").allowed()).isFalse();
  }

  @Test
  void aConfiguredModeThatTheHostDoesNotHaveDoesNotWorkAndSaysSo() {
    host.userns = false;
    host.properties = FakeInspector.properties("userns");
    assertThat(docker().works()).isFalse();
    assertThat(docker().reason()).contains("does not remap");
  }

  @Test
  void dockerIsNotPromisedWhereASandboxCannotBePreparedForIt() {
    host.findings =
        FakeInspector.findings(Check.failed("no cgroup can be made"), Check.OK, Check.OK);
    assertThat(docker().works()).isFalse();
    assertThat(docker().reason()).contains("no cgroup can be made");
    assertThat(docker().remedy()).contains("compare", "runc-delegate.sh");
    host.delegate = false;
    assertThat(docker().remedy()).contains("register the runtime caisson");
    assertThat(plain().works()).isTrue();
  }

  @Test
  void aKitWhoseDockerPartDoesNotRunIsBuiltAnewAndNoRuntimeIsRegistered() {
    Check broken = Check.failed("dockerd: no such file or directory");
    // Whatever else of Docker was tried has failed with it.
    host.findings =
        FakeInspector.findings(Check.failed("toolkit: nothing"), broken, Check.OK, Check.OK);
    assertThat(docker().works()).isFalse();
    assertThat(docker().reason()).contains("no such file");
    for (String name : List.of("userns", "capabilities", "runtime:caisson")) {
      assertThat(mode(name).docker()).as(name).isFalse();
      assertThat(mode(name).remedy())
          .as(name)
          .contains("kit/build.sh")
          .doesNotContain("register", "nf_tables");
    }
    assertThat(plain().works()).isTrue();
  }

  @Test
  void withoutTablesOfEitherKindThereIsNoDockerInAnyModeAndNoWall() {
    host.userns = false;
    host.findings = FakeInspector.withoutTables(Check.failed("iptables: Protocol not supported"));
    assertThat(choices().modes()).noneMatch(Mode::docker);
    assertThat(docker().works()).isFalse();
    assertThat(docker().reason()).contains("no tables", "Protocol not supported");
    assertThat(docker().remedy()).contains("nf_tables", "iptable_nat");
    assertThat(plain().works()).isTrue();
    assertThat(choices().network().value()).isEqualTo("separate");
    assertThat(choices().network().remedy())
        .contains("nf_tables", "iptable_mangle")
        .doesNotContain("NET_ADMIN");
  }

  @Test
  void withoutTheKitsDockerPartThereIsNoDockerInAnyMode() {
    host.kitDocker = false;
    assertThat(choices().modes()).noneMatch(Mode::docker);
    assertThat(mode("userns").available()).isTrue();
  }

  @Test
  void aRuntimeCarriesDockerIfItIsKnownToOrTheOperatorSaysSo() {
    assertThat(mode("runtime:caisson").docker()).isTrue();
    assertThat(mode("runtime:runsc").docker()).isFalse();
    host.properties =
        new HostProperties(
            null,
            List.of(),
            List.of("runsc"),
            true,
            host.properties.disk(),
            host.properties.network());
    assertThat(mode("runtime:runsc").docker()).isTrue();
  }

  @Test
  void runtimesAreKnownByNameAndPath() {
    assertThat(EngineReport.Kind.of("x", "/usr/bin/sysbox-runc"))
        .isEqualTo(EngineReport.Kind.SYSBOX);
    assertThat(EngineReport.Kind.of("io.containerd.kata.v2", null))
        .isEqualTo(EngineReport.Kind.KATA);
    assertThat(EngineReport.Kind.of("io.containerd.runc.v2", "runc"))
        .isEqualTo(EngineReport.Kind.RUNC);
    assertThat(EngineReport.Kind.of("mine", "/opt/mine")).isEqualTo(EngineReport.Kind.UNKNOWN);
  }

  @Test
  void theDiskIsHeldAsWellAsTheServiceSeesIt() {
    assertThat(choices().disk().enforced()).isEqualTo(DiskHold.Held.WATCHED);
    assertThat(choices().disk().docker()).isEqualTo(DiskHold.Held.DEVICE);
    assertThat(choices().disk().defaultLimit()).isEqualTo(20L << 30);
    host.findings = FakeInspector.disk(Check.OK, Check.failed("no loop"));
    assertThat(choices().disk().docker()).isEqualTo(DiskHold.Held.WATCHED);
    assertThat(choices().warnings(docker(), choices().network()))
        .noneMatch(warning -> warning.startsWith("Disk"));
  }

  @Test
  void aDiskThatTheServiceDoesNotSeeIsWarnedOf() {
    host.findings = FakeInspector.disk(Check.failed("it is elsewhere"), Check.failed("no loop"));
    assertThat(choices().disk().enforced()).isEqualTo(DiskHold.Held.COUNTED);
    assertThat(choices().disk().docker()).isEqualTo(DiskHold.Held.COUNTED);
    assertThat(choices().disk().remedy()).isNotNull();
    assertThat(choices().warnings(docker(), choices().network()))
        .anyMatch(warning -> warning.startsWith("Disk") && warning.contains("elsewhere"));
  }

  @Test
  void theNetworkIsSaidToBeWhatItIs() {
    assertThat(choices().network().value()).isEqualTo("isolated");
    host.findings = FakeInspector.findings(Check.OK, Check.OK, Check.failed("no NET_ADMIN"));
    assertThat(choices().network().value()).isEqualTo("separate");
    assertThat(choices().network().reason()).contains("no NET_ADMIN");
    assertThat(choices().network().remedy()).contains("with NET_ADMIN");
    host.findings =
        FakeInspector.findings(Check.OK, Check.OK, Check.failed("IPv6: ip6tables: no mangle"));
    assertThat(choices().network().remedy()).contains("ip6table_mangle");
  }
}
