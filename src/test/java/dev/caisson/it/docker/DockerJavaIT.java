package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * docker-java, by each of its transports, with the daemon of a sandbox: by a path with a token, and
 * by an address of its own.
 */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerJavaIT {
  private static final String IMAGE = "busybox:latest";

  @AutoClose private final DockerSandbox sandbox;
  private final String base;
  private final String engine;
  private final String byToken;
  private final String byForward;

  /** How it speaks HTTP, and to which address. */
  enum Transport {
    ZERODEP_BY_TOKEN,
    ZERODEP_BY_FORWARD,
    HTTPCLIENT5_BY_TOKEN,
    HTTPCLIENT5_BY_FORWARD
  }

  DockerJavaIT(Api api) {
    sandbox = new DockerSandbox(api, Machine.STATIC);
    base = sandbox.path();
    engine = sandbox.engine();
    byToken = api.get(base + "/docker/connect").expecting(200).get("dockerHost").asString();
    byForward =
        api.post(base + "/docker/forward", Map.of("engine", true))
            .expecting(200)
            .get("engine")
            .asString();
    assertThat(byToken).contains("/v1/docker/");
    assertThat(byForward).endsWith(":2375");
  }

  private DockerClientConfig config(Transport transport) {
    String host =
        switch (transport) {
          case ZERODEP_BY_TOKEN, HTTPCLIENT5_BY_TOKEN -> byToken;
          case ZERODEP_BY_FORWARD, HTTPCLIENT5_BY_FORWARD -> byForward;
        };
    return DefaultDockerClientConfig.createDefaultConfigBuilder()
        .withDockerHost(host)
        .withDockerTlsVerify(false)
        .build();
  }

  private DockerHttpClient http(Transport transport) {
    URI host = config(transport).getDockerHost();
    return switch (transport) {
      case ZERODEP_BY_TOKEN, ZERODEP_BY_FORWARD ->
          new ZerodepDockerHttpClient.Builder().dockerHost(host).build();
      case HTTPCLIENT5_BY_TOKEN, HTTPCLIENT5_BY_FORWARD ->
          new ApacheDockerHttpClient.Builder().dockerHost(host).build();
    };
  }

  private DockerClient docker(Transport transport, DockerHttpClient http) {
    return DockerClientImpl.getInstance(config(transport), http);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void itReachesTheEngineOfTheSandbox(Transport transport) throws Exception {
    try (DockerHttpClient http = http(transport);
        DockerClient docker = docker(transport, http)) {
      docker.pingCmd().exec();
      assertThat(docker.infoCmd().exec().getId()).isEqualTo(engine);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void itPullsWhatIsNotThereYet(Transport transport) throws Exception {
    try (DockerHttpClient http = http(transport);
        DockerClient docker = docker(transport, http)) {
      try {
        docker.removeImageCmd("hello:latest").withForce(true).exec();
      } catch (NotFoundException e) {
        assertThat(e).as("it was never pulled").hasMessageContaining("hello");
      }
      assertThat(docker.pullImageCmd("hello").withTag("latest").start().awaitCompletion())
          .isNotNull();
      assertThat(docker.inspectImageCmd("hello:latest").exec().getId()).startsWith("sha256:");
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void itAttachesToWhatItRunsAndReadsItsLogs(Transport transport) throws Exception {
    try (DockerHttpClient http = http(transport);
        DockerClient docker = docker(transport, http)) {
      docker.pullImageCmd("busybox").withTag("latest").start().awaitCompletion();
      String made =
          docker
              .createContainerCmd(IMAGE)
              .withStdinOpen(true)
              .withStdInOnce(true)
              .withCmd("sh", "-c", "read word; echo out $word; echo err $word >&2; exit 3")
              .exec()
              .getId();
      Heard heard = new Heard();
      try (PipedOutputStream typed = new PipedOutputStream();
          PipedInputStream stdin = new PipedInputStream(typed)) {
        docker
            .attachContainerCmd(made)
            .withStdIn(stdin)
            .withStdOut(true)
            .withStdErr(true)
            .withFollowStream(true)
            .exec(heard);
        // What runs before somebody is attached is not heard.
        assertThat(heard.awaitStarted(2, TimeUnit.MINUTES)).isTrue();
        docker.startContainerCmd(made).exec();
        typed.write("caisson\n".getBytes(StandardCharsets.UTF_8));
        typed.flush();
        assertThat(heard.awaitCompletion(2, TimeUnit.MINUTES)).isTrue();
      }
      assertThat(heard.text(StreamType.STDOUT)).isEqualTo("out caisson\n");
      assertThat(heard.text(StreamType.STDERR)).isEqualTo("err caisson\n");
      assertThat(docker.waitContainerCmd(made).start().awaitStatusCode()).isEqualTo(3);
      Heard logs = new Heard();
      docker
          .logContainerCmd(made)
          .withStdOut(true)
          .withStdErr(true)
          .withFollowStream(true)
          .exec(logs);
      assertThat(logs.awaitCompletion(2, TimeUnit.MINUTES)).isTrue();
      assertThat(logs.text(StreamType.STDOUT)).isEqualTo("out caisson\n");
      assertThat(logs.text(StreamType.STDERR)).isEqualTo("err caisson\n");
      docker.removeContainerCmd(made).exec();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void itExecutesWithStdinAndCopiesAnArchive(Transport transport) throws Exception {
    try (DockerHttpClient http = http(transport);
        DockerClient docker = docker(transport, http)) {
      docker.pullImageCmd("busybox").withTag("latest").start().awaitCompletion();
      String made = docker.createContainerCmd(IMAGE).withCmd("sleep", "1000").exec().getId();
      docker.startContainerCmd(made).exec();
      String exec =
          docker
              .execCreateCmd(made)
              .withCmd("sh", "-c", "read word; echo got $word; exit 4")
              .withAttachStdin(true)
              .withAttachStdout(true)
              .exec()
              .getId();
      Heard heard = new Heard();
      try (PipedOutputStream typed = new PipedOutputStream();
          PipedInputStream stdin = new PipedInputStream(typed)) {
        docker.execStartCmd(exec).withStdIn(stdin).exec(heard);
        typed.write("caisson\n".getBytes(StandardCharsets.UTF_8));
        typed.flush();
        assertThat(heard.awaitCompletion(2, TimeUnit.MINUTES)).isTrue();
      }
      assertThat(heard.text(StreamType.STDOUT)).isEqualTo("got caisson\n");
      InspectExecResponse ended =
          Eventually.holds(
              () -> docker.inspectExecCmd(exec).exec(),
              now -> Boolean.FALSE.equals(now.isRunning()));
      assertThat(ended.getExitCodeLong()).isEqualTo(4);
      docker
          .copyArchiveToContainerCmd(made)
          .withRemotePath("/")
          .withTarInputStream(new ByteArrayInputStream(new byte[1024]))
          .exec();
      docker.removeContainerCmd(made).withForce(true).exec();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void itBuildsFromATarThatItIsGiven(Transport transport) throws Exception {
    try (DockerHttpClient http = http(transport);
        DockerClient docker = docker(transport, http)) {
      byte[] context =
          tar(Map.of("Dockerfile", "FROM busybox\nCOPY word /word\n", "word", "built here"));
      String image =
          docker
              .buildImageCmd(new ByteArrayInputStream(context))
              .withTags(Set.of("from-tar:1"))
              .start()
              .awaitImageId(2, TimeUnit.MINUTES);
      assertThat(docker.inspectImageCmd("from-tar:1").exec().getId()).contains(image);
      String made = docker.createContainerCmd("from-tar:1").withCmd("cat", "/word").exec().getId();
      docker.startContainerCmd(made).exec();
      assertThat(docker.waitContainerCmd(made).start().awaitStatusCode()).isZero();
      Heard logs = new Heard();
      docker.logContainerCmd(made).withStdOut(true).exec(logs);
      assertThat(logs.awaitCompletion(2, TimeUnit.MINUTES)).isTrue();
      assertThat(logs.text(StreamType.STDOUT)).isEqualTo("built here");
      docker.removeContainerCmd(made).exec();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void itCopiesInAndOutAndTypesIntoATerminal(Transport transport) throws Exception {
    try (DockerHttpClient http = http(transport);
        DockerClient docker = docker(transport, http)) {
      String made = sleeping(docker);
      docker
          .copyArchiveToContainerCmd(made)
          .withRemotePath("/tmp")
          .withTarInputStream(new ByteArrayInputStream(tar(Map.of("word", "carried"))))
          .exec();
      try (TarArchiveInputStream back =
          new TarArchiveInputStream(docker.copyArchiveFromContainerCmd(made, "/tmp/word").exec())) {
        assertThat(back.getNextEntry().getName()).isEqualTo("word");
        assertThat(back.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("carried");
      }
      String exec =
          docker
              .execCreateCmd(made)
              .withCmd("sh", "-c", "tty; read word; echo got $word")
              .withTty(true)
              .withAttachStdin(true)
              .withAttachStdout(true)
              .exec()
              .getId();
      Heard heard = new Heard();
      try (PipedOutputStream typed = new PipedOutputStream();
          PipedInputStream stdin = new PipedInputStream(typed)) {
        docker.execStartCmd(exec).withTty(true).withStdIn(stdin).exec(heard);
        typed.write("caisson\n".getBytes(StandardCharsets.UTF_8));
        typed.flush();
        assertThat(heard.awaitCompletion(2, TimeUnit.MINUTES)).isTrue();
      }
      assertThat(heard.text(StreamType.RAW)).contains("/dev/pts/", "got caisson\r\n");
      docker.removeContainerCmd(made).withForce(true).exec();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void itHearsEventsLogsAndStatsWhileTheyCome(Transport transport) throws Exception {
    try (DockerHttpClient http = http(transport);
        DockerClient docker = docker(transport, http)) {
      docker.pullImageCmd("busybox").withTag("latest").start().awaitCompletion();
      String made =
          docker
              .createContainerCmd(IMAGE)
              .withCmd("sh", "-c", "echo first; until test -e /go; do sleep 0.1; done; echo last")
              .exec()
              .getId();
      Awaited<Event> events = new Awaited<>(event -> "die".equals(event.getAction()));
      docker.eventsCmd().withContainerFilter(made).exec(events);
      assertThat(events.awaitStarted(2, TimeUnit.MINUTES)).isTrue();
      docker.startContainerCmd(made).exec();
      Heard logs = new Heard();
      Awaited<Frame> first =
          new Awaited<>(
              frame -> new String(frame.getPayload(), StandardCharsets.UTF_8).contains("first"));
      docker.logContainerCmd(made).withStdOut(true).withFollowStream(true).exec(first);
      first.await();
      docker.logContainerCmd(made).withStdOut(true).withFollowStream(true).exec(logs);
      AtomicInteger samples = new AtomicInteger();
      Awaited<Statistics> stats = new Awaited<>(_ -> samples.incrementAndGet() == 2);
      docker.statsCmd(made).exec(stats);
      stats.await();
      docker
          .copyArchiveToContainerCmd(made)
          .withRemotePath("/")
          .withTarInputStream(new ByteArrayInputStream(tar(Map.of("go", ""))))
          .exec();
      assertThat(logs.awaitCompletion(2, TimeUnit.MINUTES)).isTrue();
      assertThat(logs.text(StreamType.STDOUT)).isEqualTo("first\nlast\n");
      events.await();
      first.close();
      stats.close();
      events.close();
      docker.removeContainerCmd(made).withForce(true).exec();
    }
  }

  private static String sleeping(DockerClient docker) throws InterruptedException {
    docker.pullImageCmd("busybox").withTag("latest").start().awaitCompletion();
    String made = docker.createContainerCmd(IMAGE).withCmd("sleep", "1000").exec().getId();
    docker.startContainerCmd(made).exec();
    return made;
  }

  private static byte[] tar(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** Waits for one of what comes. */
  private static final class Awaited<T> extends ResultCallback.Adapter<T> {
    private final Predicate<T> wanted;
    private final CountDownLatch come = new CountDownLatch(1);

    Awaited(Predicate<T> wanted) {
      this.wanted = wanted;
    }

    @Override
    public void onNext(T item) {
      if (wanted.test(item)) {
        come.countDown();
      }
    }

    void await() throws InterruptedException {
      assertThat(come.await(2, TimeUnit.MINUTES)).isTrue();
    }
  }

  /** What came, each stream for itself. */
  private static final class Heard extends ResultCallback.Adapter<Frame> {
    private final Map<StreamType, ByteArrayOutputStream> streams = new EnumMap<>(StreamType.class);

    @Override
    public synchronized void onNext(Frame frame) {
      streams
          .computeIfAbsent(frame.getStreamType(), _ -> new ByteArrayOutputStream())
          .writeBytes(frame.getPayload());
    }

    synchronized String text(StreamType stream) {
      ByteArrayOutputStream bytes = streams.get(stream);
      return bytes == null ? "" : bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
