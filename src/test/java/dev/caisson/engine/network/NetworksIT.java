package dev.caisson.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventActor;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network;
import dev.caisson.engine.DockerEngine;
import dev.caisson.engine.StandIn;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.Labels;
import dev.caisson.host.HostProperties;
import dev.caisson.host.PlacementSettings;
import dev.caisson.sandbox.SandboxId;
import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Networks on the engine of this machine: none is left that nobody has, but for a few to be used.
 */
@Timeout(60)
class NetworksIT {
  private static final String INSTANCE = "nw0815-it";
  private static final String POOL = "10.211.7.0/24";
  private static StandIn standIn;

  @SuppressWarnings("NullAway.Init") // JUnit makes no instance before @BeforeAll.
  private final EngineClient client = standIn.client();

  private final PlacementSettings ground =
      new PlacementSettings(
          INSTANCE, new HostProperties.Network(true, POOL, List.of(), List.of(), 0), false);

  @BeforeAll
  static void open() {
    standIn = new StandIn();
  }

  @AfterEach
  void leaveNothing() throws Exception {
    names().forEach(name -> standIn.docker().removeNetworkCmd(name).exec());
    client.close();
  }

  @AfterAll
  static void close() throws Exception {
    standIn.close();
  }

  @Test
  void whatAnEngineMakesAfterItsServiceWasKilledIsFoundLater() throws Exception {
    Queue<Runnable> later = new ArrayDeque<>();
    Networks networks = new Networks(client, ground, later::add);
    networks.adopt();

    // The calls of a service before, which nobody waits for any more.
    for (int i = 0; i < 7; i++) {
      make(i);
    }
    later.remove().run();

    List<String> kept = names();
    assertThat(kept).hasSize(4);
    assertThat(networks.take(new SandboxId("sb-abcdefgh"))).isIn(kept);
    assertThat(names()).as("one of them was used").hasSameElementsAs(kept);
  }

  /** A start takes seconds to look at its host, and sandboxes end meanwhile. */
  @Test
  void whatIsGivenBackWhileAHostIsExaminedIsFree() throws Exception {
    standIn.make();
    List<SandboxId> sandboxes = Stream.generate(SandboxId::random).limit(6).toList();
    for (int i = 0; i < sandboxes.size(); i++) {
      make(i);
      container(sandboxes.get(i), i);
    }
    CountDownLatch begun = new CountDownLatch(1);
    try (DockerEngine engine = standIn.engine("public");
        Closeable _ = watch("create", Labels.EXAMINES, INSTANCE, begun)) {
      FutureTask<Object> examination = new FutureTask<>(() -> engine.examine(ground));
      Thread.ofVirtual().start(examination);
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

      standIn.removeContainers(Labels.INSTANCE + "=" + INSTANCE);
      sandboxes.forEach(engine::removeState);

      assertThat(examination.isDone()).as("it is still examined").isFalse();
      examination.get();
      assertThat(names()).hasSize(4);
    } finally {
      standIn.removeContainers(Labels.INSTANCE + "=" + INSTANCE);
      standIn.removeKits();
    }
  }

  /** Counts events with this action, and with an attribute that begins in this way. */
  private static Closeable watch(
      String action, String attribute, String beginning, CountDownLatch left)
      throws InterruptedException {
    return standIn
        .docker()
        .eventsCmd()
        .withEventFilter(action)
        .exec(
            new ResultCallback.Adapter<Event>() {
              @Override
              public void onNext(Event event) {
                EventActor actor = event.getActor();
                Map<String, String> known = actor == null ? null : actor.getAttributes();
                if (known != null && known.getOrDefault(attribute, "").startsWith(beginning)) {
                  left.countDown();
                }
              }
            })
        .awaitStarted();
  }

  private static String prefix() {
    return "caisson-" + Networks.brief(INSTANCE) + "-";
  }

  private void container(SandboxId sandbox, int index) {
    standIn
        .docker()
        .createContainerCmd(StandIn.STATIC)
        .withCmd("/bin/busybox", "true")
        .withLabels(Map.of(Labels.INSTANCE, INSTANCE, Labels.SANDBOX, sandbox.value()))
        .withHostConfig(HostConfig.newHostConfig().withNetworkMode(prefix() + index))
        .exec();
  }

  private void make(int index) {
    standIn
        .docker()
        .createNetworkCmd()
        .withName(prefix() + index)
        .withLabels(Map.of(Labels.INSTANCE, INSTANCE))
        .withIpam(
            new Network.Ipam()
                .withConfig(
                    new Network.Ipam.Config().withSubnet(AddressPool.of(POOL).subnet(index))))
        .exec();
  }

  private List<String> names() {
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
