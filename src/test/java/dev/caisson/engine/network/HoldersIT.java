package dev.caisson.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network;
import dev.caisson.engine.StandIn;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.Labels;
import dev.caisson.host.HostProperties;
import dev.caisson.host.PlacementSettings;
import dev.caisson.sandbox.SandboxId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Networks that are made ahead, on the engine of this machine; all that is delayed is done at once.
 */
@Timeout(180)
class HoldersIT {
  private static final String INSTANCE = "nh0815-it";
  private static final String KIT = "caisson-it/holder";
  private static final String OWN = Labels.INSTANCE + "=" + INSTANCE;
  private static StandIn standIn;

  @SuppressWarnings("NullAway.Init") // JUnit makes no instance before @BeforeAll.
  private final EngineClient client = standIn.client();

  private final PlacementSettings ground =
      new PlacementSettings(
          INSTANCE,
          new HostProperties.Network(true, "10.211.8.0/24", List.of(), List.of(), 1),
          false);
  private final Networks networks = new Networks(client, ground);
  private final Holders holders = holders(networks);

  @BeforeAll
  static void makeKit() {
    standIn = new StandIn();
    standIn.holder(
        KIT,
        """
        #!/bin/busybox sh
        trap exit TERM
        [ "$*" = --hold ] || exit 3
        while :; do /bin/busybox sleep 0.1 & wait $!; done
        """);
  }

  @AfterEach
  void leaveNothing() throws Exception {
    standIn.removeContainers(OWN);
    names().forEach(name -> standIn.docker().removeNetworkCmd(name).exec());
    client.close();
  }

  @AfterAll
  static void close() throws Exception {
    standIn.docker().removeImageCmd(KIT).exec();
    standIn.close();
  }

  /** It has its own host name, the holder's network, and nothing else of it. */
  @Test
  void aSandboxJoinsWhatWasMadeAheadForIt() throws Exception {
    holders.prepare();
    SandboxId sandbox = holders.next().orElseThrow();
    assertThat(holders.next()).as("it is nobody else's").isEmpty();

    String mode = Objects.requireNonNull(holders.join(sandbox));

    assertThat(mode).isEqualTo("container:" + holder(sandbox));
    String said =
        said(
            sandbox,
            mode,
            "hostname; grep -c eth0: /proc/net/dev; ls -d /proc/[0-9]* | wc -l;"
                + " grep -c "
                + sandbox
                + " /etc/hosts; kill -9 -1; echo left");
    assertThat(said.lines().toList())
        .as("name, interfaces, own processes, lines of the hosts")
        .hasSize(5)
        .startsWith(sandbox.value(), "1")
        .endsWith("1", "left");
    assertThat(Integer.parseInt(said.lines().toList().get(2))).isLessThan(4);
    assertThat(runs(sandbox)).as("no signal reaches it").isTrue();
  }

  @Test
  void anotherIsMadeWhenOneWasTakenAndAllGoWithTheirSandboxes() {
    holders.prepare();
    SandboxId first = holders.next().orElseThrow();
    holders.join(first);
    SandboxId second = holders.next().orElseThrow();
    assertThat(second).isNotEqualTo(first);

    holders.release(first);
    holders.release(second);

    assertThat(standIn.containers(OWN)).isEmpty();
    assertThat(networks.take(SandboxId.random())).as("their networks are free").isIn(names());
    assertThat(names()).hasSize(2);
  }

  @Test
  void aHolderThatDiedIsNotJoinedAndItsNetworkIsTheSandboxs() {
    holders.prepare();
    SandboxId sandbox = holders.next().orElseThrow();
    standIn.docker().killContainerCmd(holder(sandbox)).exec();

    assertThat(holders.join(sandbox)).isNull();

    assertThat(networks.take(sandbox)).isIn(names());
    assertThat(gone(sandbox)).isTrue();
  }

  @Test
  void whoHasNoneTakesTheWayOfAllOthers() {
    SandboxId sandbox = SandboxId.random();

    assertThat(holders.join(sandbox)).isNull();
    holders.release(sandbox);
  }

  /** Their ids may be in the records of sandboxes that failed. */
  @Test
  void ofAServiceBeforeThoseOfSandboxesStayAndTheOthersGo() {
    holders.prepare();
    SandboxId used = holders.next().orElseThrow();
    String mode = Objects.requireNonNull(holders.join(used));
    SandboxId unused = holders.next().orElseThrow();
    container(used, mode, "sleep 60");

    Networks later = new Networks(client, ground);
    later.adopt();
    Holders next = holders(later);
    next.adopt();

    assertThat(runs(used)).isTrue();
    assertThat(gone(unused)).isTrue();
    assertThat(next.next()).isEmpty();
    assertThat(next.join(used)).isEqualTo(mode);
    standIn.removeContainers(Labels.SANDBOX + "=" + used);
    next.release(used);
    assertThat(gone(used)).isTrue();
    next.close();
  }

  @Test
  void aServiceThatEndsLeavesNoneThatNoSandboxHas() {
    holders.prepare();
    assertThat(standIn.containers(OWN)).hasSize(1);

    holders.close();
    holders.prepare();

    assertThat(standIn.containers(OWN)).isEmpty();
  }

  /** An older kit knows of none. */
  @Test
  void noneIsMadeOfAKitThatCannotHold() {
    Holders older = holders(networks, StandIn.STATIC);

    older.prepare();

    assertThat(older.next()).isEmpty();
    assertThat(standIn.containers(OWN)).isEmpty();
  }

  private Holders holders(Networks of) {
    return holders(of, KIT);
  }

  private Holders holders(Networks of, String kit) {
    return new Holders(client, of, ground, kit, _ -> Runnable::run);
  }

  private static String holder(SandboxId sandbox) {
    return "caisson-" + sandbox + "-network";
  }

  private static boolean runs(SandboxId sandbox) {
    return HolderContainers.runs(standIn.docker(), sandbox);
  }

  private static boolean gone(SandboxId sandbox) {
    try {
      standIn.docker().inspectContainerCmd(holder(sandbox)).exec();
      return false;
    } catch (NotFoundException e) {
      return true;
    }
  }

  /** Runs a line in a container in this network, and returns what it wrote. */
  private static String said(SandboxId sandbox, String mode, String line) throws IOException {
    String container = container(sandbox, mode, "(" + line + ") >/said");
    assertThat(standIn.docker().waitContainerCmd(container).start().awaitStatusCode()).isNotNull();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new ByteArrayInputStream(
                standIn
                    .docker()
                    .copyArchiveFromContainerCmd(container, "/said")
                    .exec()
                    .readAllBytes()))) {
      tar.getNextEntry();
      return new String(tar.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String container(SandboxId sandbox, String mode, String line) {
    String container =
        standIn
            .docker()
            .createContainerCmd(StandIn.STATIC)
            .withCmd("/bin/busybox", "sh", "-c", "PATH=; " + line)
            .withLabels(Map.of(Labels.INSTANCE, INSTANCE, Labels.SANDBOX, sandbox.value()))
            .withHostConfig(HostConfig.newHostConfig().withNetworkMode(mode))
            .exec()
            .getId();
    standIn.docker().startContainerCmd(container).exec();
    return container;
  }

  private static List<String> names() {
    return standIn
        .docker()
        .listNetworksCmd()
        .withFilter("label", List.of(Labels.INSTANCE + "=" + INSTANCE))
        .exec()
        .stream()
        .map(Network::getName)
        .toList();
  }
}
