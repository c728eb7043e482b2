package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineErrorCode;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.NetworkMode;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.SandboxId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a sandbox expects of any engine; one subclass for each that there is. */
@Timeout(120)
abstract class EngineContract {
  /** On every container of these tests. */
  static final String LABEL = "dev.caisson.contract";

  static final Duration GRACE = Duration.ofSeconds(20);

  /** Where the sandboxes have their sockets; anybody in them may write there. */
  @TempDir Path sockets;

  /**
   * With a kit whose first process makes a file, named as its sandbox, beside its socket, and ends
   * with code 7 when it is asked to.
   */
  abstract Engine engine();

  /** An image that is there, with a static busybox in it. */
  abstract String image();

  @Test
  void aSandboxIsMadeRunsEndsAndIsRemoved() {
    Engine.Plan plan = plan(false, NetworkMode.NONE);
    Instant before = Instant.now().minusSeconds(2);

    String container = engine().create(plan);
    Engine.Found made = found(container);
    assertThat(made.sandbox()).isEqualTo(plan.sandbox());
    assertThat(made.running()).isFalse();
    assertThat(made.createdAt()).isAfter(before);
    assertThat(made.labels()).containsEntry("team", "ci");

    start(plan, container);
    assertThat(found(container).running()).isTrue();
    engine().start(container);

    engine().stop(container, GRACE);
    engine().stop(container, GRACE);
    assertThat(found(container).running()).isFalse();
    assertThat(found(container).exitCode()).isEqualTo(7);
    assertThat(found(container).outOfMemory()).isFalse();

    engine().remove(container);
    engine().remove(container);
    assertThat(engine().find(container)).isNull();
    engine().stop(container, GRACE);
  }

  @Test
  void whatIsOursIsListedWhetherItRunsOrNot() {
    Engine.Plan stopped = plan(false, NetworkMode.NONE);
    Engine.Plan running = plan(false, NetworkMode.NONE);
    engine().create(stopped);
    started(running);

    assertThat(engine().list())
        .filteredOn(found -> found.sandbox().equals(stopped.sandbox()))
        .singleElement()
        .matches(found -> !found.running());
    assertThat(engine().list())
        .filteredOn(found -> found.sandbox().equals(running.sandbox()))
        .singleElement()
        .matches(Engine.Found::running);
  }

  @Test
  void aSecondContainerOfOneSandboxIsRefused() {
    Engine.Plan plan = plan(false, NetworkMode.NONE);
    engine().create(plan);

    assertThatThrownBy(() -> engine().create(plan)).isInstanceOf(EngineException.Refused.class);
  }

  @Test
  void aPathIsReadOutOfASandboxThatHasEnded() throws IOException {
    String container = started(plan(false, NetworkMode.NONE));
    engine().stop(container, GRACE);

    try (InputStream in = engine().read(container, "/kept");
        TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      assertThat(tar.getNextEntry().getName()).isEqualTo("kept/");
      assertThat(tar.getNextEntry().getName()).isEqualTo("kept/file");
      assertThat(new String(tar.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("kept\n");
    }
    assertThatThrownBy(() -> engine().read(container, "/none"))
        .isInstanceOfSatisfying(
            EngineException.Refused.class, e -> assertThat(e.status).isEqualTo(404));
  }

  @Test
  void stateOutlivesItsContainerUntilItIsRemoved() throws IOException {
    Engine.Plan plan = plan(false, NetworkMode.NONE);
    String container = started(plan);
    engine().stop(container, GRACE);
    engine().remove(container);

    assertThat(engine().states("team", "ci")).contains(plan.sandbox());
    for (int i = 0; i < 2; i++) {
      try (InputStream in = engine().readState(plan.sandbox(), "/var/lib/caisson");
          TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
        assertThat(tar.getNextEntry().getName()).isEqualTo("caisson/");
      }
    }
    assertThatThrownBy(() -> engine().readState(plan.sandbox(), "/var/lib/caisson/none"))
        .isInstanceOfSatisfying(
            EngineException.Refused.class, e -> assertThat(e.status).isEqualTo(404));

    engine().removeState(plan.sandbox());
    engine().removeState(plan.sandbox());
    assertThat(engine().states("team", "ci")).doesNotContain(plan.sandbox());
    assertThatThrownBy(() -> engine().readState(plan.sandbox(), "/var/lib/caisson"))
        .isInstanceOfSatisfying(
            EngineException.Refused.class, e -> assertThat(e.status).isEqualTo(404));
  }

  @Test
  void theLastLinesOfItsLogAreEvidence() {
    String container = started(plan(false, NetworkMode.NONE));
    engine().stop(container, GRACE);

    assertThat(engine().logTail(container, 1)).isEqualTo("asked to end\n");
  }

  @Test
  void theEndOfASandboxIsToldToWhoWatches() throws Exception {
    BlockingQueue<Engine.Event> told = new LinkedBlockingQueue<>();
    Engine.Plan plan = plan(false, NetworkMode.NONE);
    try (AutoCloseable watch = engine().watch(told::add)) {
      assertThat(watch).isNotNull();
      assertThat(next(told)).isEqualTo(new Engine.Event(Engine.Change.CONNECTED, null));
      String container = started(plan);

      engine().stop(container, GRACE);

      Engine.Event died = new Engine.Event(Engine.Change.DIED, plan.sandbox());
      Engine.Event event = next(told);
      while (!event.equals(died)) {
        event = next(told);
      }
    }
  }

  @Test
  void aWatchThatIsClosedTellsNothing() throws Exception {
    BlockingQueue<Engine.Event> told = new LinkedBlockingQueue<>();
    AutoCloseable watch = engine().watch(told::add);
    next(told);
    watch.close();
    told.clear();

    engine().stop(started(plan(false, NetworkMode.NONE)), GRACE);

    assertThat(told).isEmpty();
  }

  @Test
  void anImageThatIsThereIsKnown() {
    Engine.Image image = engine().image(image(), line -> {});

    assertThat(image.id()).startsWith("sha256:");
    assertThat(image.digest()).startsWith("sha256:");
    assertThat(image.workdir()).isEqualTo("/");
  }

  @Test
  void whatIsNoNameOfAnImageIsNoImage() {
    assertThatThrownBy(() -> engine().image("../containers/json", line -> {}))
        .isInstanceOfSatisfying(
            EngineException.NoImage.class,
            e -> assertThat(e.code()).isEqualTo(EngineErrorCode.NO_SUCH_IMAGE));
  }

  @Test
  void itAnswersAndDescribesItsHost() {
    assertThat(engine().answers()).isTrue();
    assertThat(engine().host().cpus()).isPositive();
    assertThat(engine().host().memory()).isPositive();
    assertThat(engine().host().version()).isNotBlank();
  }

  @Test
  void theKitIsThereAtOnceTheSecondTime() {
    assertThatCode(() -> engine().kit()).doesNotThrowAnyException();
    assertThat(engine().kit()).isEqualTo(engine().kit());
  }

  Engine.Plan plan(boolean docker, NetworkMode network) {
    return new Engine.Plan(
        SandboxId.random(),
        engine().image(image(), line -> {}).id(),
        image(),
        "contract",
        new Resources(0.5, 256 << 20, 100, 0),
        docker,
        network,
        isolation(docker),
        sockets,
        Map.of("team", "ci", LABEL, "true"));
  }

  private Isolation isolation(boolean docker) {
    return engine().host().userns()
        ? Isolation.USERNS
        : docker ? Isolation.CAPABILITIES : Isolation.RUNC;
  }

  String started(Engine.Plan plan) {
    String container = engine().create(plan);
    start(plan, container);
    return container;
  }

  /** Starts it and waits until it has made a file where its supervisor would have its socket. */
  private void start(Engine.Plan plan, String container) {
    try (WatchService made = sockets.getFileSystem().newWatchService()) {
      sockets.register(made, StandardWatchEventKinds.ENTRY_CREATE);
      engine().start(container);
      while (!Files.exists(sockets.resolve(plan.sandbox().value()))) {
        WatchKey key = made.poll(30, TimeUnit.SECONDS);
        assertThat(key).as("nothing happened in the sandbox").isNotNull();
        key.pollEvents();
        key.reset();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  Engine.Found found(String container) {
    return Objects.requireNonNull(engine().find(container), "the container is gone");
  }

  static Engine.Event next(BlockingQueue<Engine.Event> told) throws InterruptedException {
    return Objects.requireNonNull(told.poll(30, TimeUnit.SECONDS), "nothing was told");
  }
}
