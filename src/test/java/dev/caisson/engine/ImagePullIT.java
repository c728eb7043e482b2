package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.exception.NotFoundException;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pulls by the engine of this machine from the registry that the set-up started on loopback. */
@Timeout(120)
class ImagePullIT {
  private static final String REGISTRY =
      "127.0.0.1:" + System.getenv().getOrDefault("CAISSON_REGISTRY_PORT", "5000");
  private static final String OURS = REGISTRY + "/caisson-it/pulled";

  private static StandIn standIn;
  private static DockerEngine engine;

  @BeforeAll
  static void open() {
    standIn = new StandIn();
    engine = standIn.engine("public", REGISTRY, "127.0.0.1:1");
  }

  @AfterEach
  void removeImage() {
    try {
      standIn.docker().removeImageCmd(OURS).withForce(true).exec();
    } catch (NotFoundException e) {
      // This test pulled nothing.
    }
  }

  @AfterAll
  static void close() throws IOException {
    engine.close();
    standIn.close();
  }

  @Test
  void anAbsentImageIsPulledWithItsProgressAndIsThereTheSecondTime() throws Exception {
    publish();
    List<String> progress = new ArrayList<>();

    Engine.Image image = engine.image(OURS, progress::add);

    assertThat(progress)
        .contains("latest: Pulling from caisson-it/pulled")
        .anyMatch(line -> line.matches("[0-9a-f]{12}: Pull complete"))
        .anyMatch(line -> line.startsWith("Status: Downloaded newer image"));
    assertThat(image.digest()).startsWith("sha256:").isNotEqualTo(image.id());

    progress.clear();
    assertThat(engine.image(OURS + ":latest", progress::add)).isEqualTo(image);
    assertThat(engine.image(image.id(), progress::add).id()).isEqualTo(image.id());
    assertThat(progress).isEmpty();
  }

  @Test
  void anImageThatTheRegistryDoesNotHaveIsNoSuchImage() {
    assertThat(codeOf(REGISTRY + "/library/busybox:no-such-tag")).isEqualTo("NO_SUCH_IMAGE");
    assertThat(codeOf(REGISTRY + "/library/no-such-image")).isEqualTo("NO_SUCH_IMAGE");
  }

  @Test
  void aRegistryThatIsNotThereIsNoSuchRegistry() {
    assertThat(codeOf("127.0.0.1:1/library/busybox")).isEqualTo("NO_SUCH_REGISTRY");
    assertThat(codeOf("registry.invalid/library/busybox")).isEqualTo("NO_SUCH_REGISTRY");
  }

  @Test
  void aRegistryThatIsNotAllowedIsNotEvenConnectedTo() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listener.setSoTimeout(1000);
      for (String host : List.of("127.0.0.1", "localhost", "2130706433", "0x7f.1")) {
        String image = host + ":" + listener.getLocalPort() + "/library/busybox";
        assertThatThrownBy(() -> engine.image(image, line -> {}))
            .isInstanceOf(EngineException.RegistryNotAllowed.class);
        assertThatThrownBy(() -> engine.admitImage(image))
            .isInstanceOf(EngineException.RegistryNotAllowed.class);
      }
      assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void theListenerOfTheTestBeforeWouldHaveHeardThePull() throws IOException {
    ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    try (DockerEngine open = standIn.engine("127.0.0.1:" + listener.getLocalPort())) {
      FutureTask<Boolean> heard =
          new FutureTask<>(() -> {
            // Whoever asks once more is refused at once.
            try (listener) {
              listener.accept().close();
            }
            return true;
          });
      Thread.ofVirtual().start(heard);
      assertThatThrownBy(
              () -> open.image("127.0.0.1:" + listener.getLocalPort() + "/x", line -> {}))
          .isInstanceOf(EngineException.NoImage.class);
      assertThat(heard).succeedsWithin(Duration.ofSeconds(5));
    }
  }

  @Test
  void anImageThatIsThereNeedsNoRegistry() throws Exception {
    standIn.image("127.0.0.1:2/caisson-it/there", Map.of("content", "x"));
    try {
      engine.admitImage("127.0.0.1:2/caisson-it/there");
      assertThat(engine.image("127.0.0.1:2/caisson-it/there", line -> {}).id())
          .startsWith("sha256:");
    } finally {
      standIn.docker().removeImageCmd("127.0.0.1:2/caisson-it/there").withForce(true).exec();
    }
  }

  private static String codeOf(String image) {
    EngineException.NoImage[] caught = new EngineException.NoImage[1];
    assertThatThrownBy(() -> engine.image(image, line -> {}))
        .isInstanceOfSatisfying(EngineException.NoImage.class, e -> caught[0] = e)
        .hasMessageContaining(image);
    return caught[0].code().name();
  }

  /** Puts an image into the registry that nobody has seen, and takes it off the engine. */
  private static void publish() throws InterruptedException {
    byte[] content = new byte[1 << 20];
    ThreadLocalRandom.current().nextBytes(content);
    standIn.image(OURS, Map.of("content", HexFormat.of().formatHex(content)));
    boolean pushed =
        standIn
            .docker()
            .pushImageCmd(OURS)
            .withTag("latest")
            .start()
            .awaitCompletion(60, TimeUnit.SECONDS);
    assertThat(pushed).isTrue();
    standIn.docker().removeImageCmd(OURS).withForce(true).exec();
  }
}
