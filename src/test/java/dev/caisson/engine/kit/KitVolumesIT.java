package dev.caisson.engine.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import dev.caisson.engine.DockerEngine;
import dev.caisson.engine.StandIn;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.EngineProperties;
import dev.caisson.engine.client.Labels;
import dev.caisson.engine.image.AllowedRegistries;
import dev.caisson.engine.image.Images;
import dev.caisson.host.EngineReport;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kit on the engine of this machine: filled once, whole or not at all, removed when unused. */
@Timeout(120)
class KitVolumesIT {
  private static final String LABEL = "dev.caisson.kit-it";
  private static StandIn standIn;

  @SuppressWarnings("NullAway.Init") // JUnit makes no instance before @BeforeAll.
  private final DockerEngine engine = standIn.engine("public");

  @BeforeAll
  static void open() {
    standIn = new StandIn();
  }

  @AfterEach
  void leaveNothing() throws IOException {
    standIn.removeContainers(LABEL);
    standIn.removeKits();
    engine.close();
  }

  @AfterAll
  static void close() throws IOException {
    standIn.close();
  }

  @Test
  void withoutTheImageItIsSaidHowToMakeIt() {
    assertThatThrownBy(engine::kit)
        .isInstanceOf(EngineException.Refused.class)
        .hasMessageContaining(StandIn.KIT)
        .hasMessageContaining("kit/build.sh");
  }

  @Test
  void withoutTheDockerPartThereIsAKitAllTheSame() {
    standIn.image(StandIn.KIT, Map.of("opt/caisson/version", "1"));

    assertThat(engine.kit().dockers()).isEmpty();
  }

  @Test
  void aVolumeIsFilledWithTheContentOfTheImage() throws IOException {
    standIn.make();

    Engine.Kit kit = engine.kit();

    assertThat(kit.dockers()).hasSize(1);
    assertThat(contentOf(volume(StandIn.KIT)))
        .contains("v/init", "v/version")
        .anyMatch(name -> name.startsWith("v/docker"));
    assertThat(contentOf(volume(StandIn.KIT_DOCKER))).contains("v/version");
  }

  @Test
  void servicesThatStartAtOnceFillItOnce() throws Exception {
    standIn.make();
    List<FutureTask<Engine.Kit>> services =
        Stream.generate(() -> new FutureTask<>(() -> anotherService())).limit(4).toList();

    services.forEach(service -> Thread.ofVirtual().start(service));

    for (FutureTask<Engine.Kit> service : services) {
      assertThat(service.get()).isEqualTo(engine.kit());
    }
    assertThat(standIn.kitVolumes(StandIn.KIT)).hasSize(1);
    assertThat(contentOf(volume(StandIn.KIT))).contains("v/init");
    assertThat(standIn.containers(Labels.KIT_IMAGE + "=" + StandIn.KIT)).hasSize(1);
  }

  @Test
  void whatACrashLeftHalfFilledIsFilledAnew() throws IOException {
    standIn.make();
    engine.kit();
    String volume = volume(StandIn.KIT);
    // As after a crash of the engine: the volume has something in it, its container never got its
    // name.
    standIn.docker().renameContainerCmd(volume).withName(volume + "-filling").exec();

    engine.kit();

    assertThat(contentOf(volume)).contains("v/init").doesNotContain("v/left-over");
    assertThat(standIn.containers(Labels.KIT_IMAGE + "=" + StandIn.KIT)).hasSize(1);
  }

  @Test
  void aVolumeWithoutItsContainerIsNotTrustedUnlessASandboxUsesIt() throws IOException {
    standIn.make();
    engine.kit();
    String volume = volume(StandIn.KIT);
    standIn.docker().removeContainerCmd(volume).exec();
    use(volume);

    engine.kit();

    assertThat(contentOf(volume)).contains("v/init");
    assertThat(standIn.docker().inspectContainerCmd(volume).exec().getState().getStatus())
        .isEqualTo("created");
  }

  @Test
  void aKitThatASandboxSeesReadOnlyIsNotTakenFromUnderIt() throws IOException {
    standIn.make();
    engine.kit();
    String volume = volume(StandIn.KIT);
    // As a prune does; what the sandbox mounts is not the volume by its own name.
    see(volume);
    standIn.docker().removeContainerCmd(volume).exec();
    assertThat(new KitObjects(standIn.docker()).removeVolume(volume)).isFalse();

    engine.kit();

    assertThat(contentOf(volume)).contains("v/init");
    standIn.removeContainers(LABEL);
    standIn.make();
    engine.kit();
    assertThat(standIn.kitVolumes(StandIn.KIT)).doesNotContain(volume, volume + "-ro");
  }

  /** A container that has it as sandboxes do. */
  private static void see(String volume, String... more) {
    Map<String, String> marks = new HashMap<>(Map.of(LABEL, "true"));
    List.of(more).forEach(label -> marks.put(label, "sb-seesakit"));
    Map<String, String> labels = Map.of(Labels.KIT_IMAGE, StandIn.KIT);
    standIn
        .docker()
        .createContainerCmd(StandIn.STATIC)
        .withLabels(marks)
        .withCmd("/bin/busybox")
        .withHostConfig(
            HostConfig.newHostConfig()
                .withMounts(List.of(ReadOnlyVolume.of(standIn.docker(), volume, labels).at("/v"))))
        .exec()
        .getId();
  }

  @Test
  void anOldKitGoesWhenNoSandboxUsesItAndNotBefore() {
    standIn.make();
    engine.kit();
    String used = volume(StandIn.KIT);
    use(used);

    standIn.make();
    engine.kit();
    assertThat(standIn.kitVolumes(StandIn.KIT)).hasSize(2).contains(used);
    assertThat(standIn.kitVolumes(StandIn.KIT_DOCKER)).hasSize(1);

    standIn.removeContainers(LABEL);
    standIn.make();
    engine.kit();
    assertThat(standIn.kitVolumes(StandIn.KIT)).hasSize(1).doesNotContain(used);
  }

  /** Of two services with kits of one name, the second with a newer one. */
  @Test
  void whatAServiceGivesToItsSandboxesIsNotTakenByAnotherOne() {
    standIn.make();
    KitVolumes first = kits("first-service");
    KitVolumes.Names names = first.latest();
    String image = standIn.docker().inspectImageCmd(StandIn.KIT + ":latest").exec().getId();

    standIn.make();
    engine.kit();

    assertThat(standIn.kitVolumes(StandIn.KIT)).contains(names.base().source());
    assertThat(standIn.kitVolumes(StandIn.KIT_DOCKER)).hasSizeGreaterThan(1);
    assertThatThrownBy(() -> standIn.docker().removeImageCmd(String.valueOf(image)).exec())
        .isInstanceOf(ConflictException.class);

    // Upgraded, it keeps the newer one alone; so does one that was killed and comes back.
    first.latest();
    kits("first-service").latest();
    assertThat(standIn.containers(Labels.KIT_USER + "=first-service")).hasSize(2);
    assertThat(standIn.kitVolumes(StandIn.KIT)).doesNotContain(names.base().source());
  }

  /** Each is kept on its own, and goes when the service is no longer told of it. */
  @Test
  void severalDockerPartsAreKeptUntilTheyAreConfiguredAway() {
    standIn.make();
    standIn.image(StandIn.OTHER_DOCKER, Map.of("opt/caisson/docker/version", "other"));
    String image = standIn.docker().inspectImageCmd(StandIn.OTHER_DOCKER).exec().getId();
    KitVolumes kits = kits("several", StandIn.OTHER_DOCKER, StandIn.OTHER_DOCKER + "-missing");

    assertThat(kits.kit().dockers()).hasSize(2);
    assertThat(kits.report().dockerKits())
        .extracting(EngineReport.DockerKit::present)
        .containsExactly(true, true, false);
    assertThat(standIn.containers(Labels.KIT_USER + "=several")).hasSize(3);
    kits("several", StandIn.OTHER_DOCKER).kit();
    assertThat(standIn.containers(Labels.KIT_USER + "=several")).hasSize(3);

    // A sandbox has it still.
    String volume = volume(StandIn.OTHER_DOCKER);
    see(volume, Labels.SANDBOX);
    kits("several").kit();
    assertThat(standIn.containers(Labels.KIT_USER + "=several")).hasSize(3);

    standIn.removeContainers(LABEL);
    kits("several").kit();
    assertThat(standIn.containers(Labels.KIT_USER + "=several")).hasSize(2);
    assertThat(standIn.kitVolumes(StandIn.OTHER_DOCKER)).isEmpty();
    standIn.docker().removeImageCmd(String.valueOf(image)).exec();
  }

  @Test
  void ofAVersionThatNoImageSaysThereIsNone() {
    standIn.make();
    KitVolumes kits = kits("several");

    assertThat(kits.names(null).docker()).isNotNull();
    assertThatThrownBy(() -> kits.names("26.1.5"))
        .isInstanceOf(EngineException.Refused.class)
        .hasMessageContaining("26.1.5");
  }

  private static KitVolumes kits(String service, String... others) {
    EngineClient client = standIn.client();
    EngineProperties properties = StandIn.properties(others);
    KitVolumes kits =
        new KitVolumes(
            client,
            new Images(
                client,
                properties.pullDeadline(),
                new AllowedRegistries(List.of("public"), "caisson/static")),
            properties,
            Thread::sleep);
    kits.serve(service);
    return kits;
  }

  private static Engine.Kit anotherService() throws ExecutionException, IOException {
    try (DockerEngine service = standIn.engine("public")) {
      return service.kit();
    }
  }

  private static String volume(String image) {
    return ReadOnlyVolume.shown(standIn.kitVolumes(image).getFirst());
  }

  /** A container as of a sandbox. */
  private static String use(String volume) {
    return standIn
        .docker()
        .createContainerCmd(StandIn.STATIC)
        .withLabels(Map.of(LABEL, "true"))
        .withCmd("/bin/busybox")
        .withHostConfig(HostConfig.newHostConfig().withBinds(Bind.parse(volume + ":/v:ro,nocopy")))
        .exec()
        .getId();
  }

  private static List<String> contentOf(String volume) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            standIn.docker().copyArchiveFromContainerCmd(use(volume), "/v").exec())) {
      return Stream.iterate(next(tar), name -> !name.isEmpty(), name -> next(tar)).toList();
    }
  }

  private static String next(TarArchiveInputStream tar) {
    try {
      var entry = tar.getNextEntry();
      return entry == null ? "" : entry.getName();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
