package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docker-java, by each of its transports, with the daemon of a sandbox. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerJavaIT {
  private static final String IMAGE = "busybox:latest";

  private Api api;
  private String base;
  private String engine;
  private DockerClientConfig config;

  /** How it speaks HTTP. */
  enum Transport {
    ZERODEP,
    HTTPCLIENT5
  }

  @BeforeAll
  void create(Api shared) {
    api = shared;
    String sandbox = api.dockerSandbox(Machine.STATIC);
    base = "/v1/sandboxes/" + sandbox;
    engine = Api.text(api.exec(sandbox, "docker", "info", "-f", "{{.ID}}"), "stdout").strip();
    assertThat(engine).isNotEmpty();
    config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(
                api.get(base + "/docker/connect").expecting(200).get("dockerHost").asString())
            .withDockerTlsVerify(false)
            .build();
  }

  @AfterAll
  void delete() {
    api.delete(base + "?grace=PT0S").expecting(200);
  }

  private DockerHttpClient http(Transport transport) {
    return switch (transport) {
      case ZERODEP ->
          new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build();
      case HTTPCLIENT5 ->
          new ApacheDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build();
    };
  }

  private DockerClient docker(DockerHttpClient http) {
    return DockerClientImpl.getInstance(config, http);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void itReachesTheEngineOfTheSandbox(Transport transport) throws Exception {
    try (DockerHttpClient http = http(transport);
        DockerClient docker = docker(http)) {
      docker.pingCmd().exec();
      assertThat(docker.infoCmd().exec().getId()).isEqualTo(engine);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void itPullsWhatIsNotThereYet(Transport transport) throws Exception {
    try (DockerHttpClient http = http(transport);
        DockerClient docker = docker(http)) {
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
        DockerClient docker = docker(http)) {
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
        DockerClient docker = docker(http)) {
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
