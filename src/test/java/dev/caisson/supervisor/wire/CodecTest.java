package dev.caisson.supervisor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes over the wire and back, between equal and between different versions. */
class CodecTest {
  private static final ProcessInfo.Volume VOLUME = new ProcessInfo.Volume(1L << 40, 7);
  private static final ProcessInfo.Exit EXIT =
      new ProcessInfo.Exit(137, "KILL", ProcessInfo.Cause.OUT_OF_MEMORY, 5);
  private static final ProcessInfo PROCESS =
      ProcessInfo.builder(147, List.of("é", ""))
          .shell(true)
          .cwd("/w")
          .background(true)
          .startedAt(3)
          .exit(EXIT)
          .stdout(VOLUME)
          .stderr(VOLUME)
          .build();

  static Stream<Message> messages() {
    return Stream.of(
        new Answer.Greeting(1, "sb-1", "0.1", true, true, 7),
        new Answer.Done(),
        new Answer.Refused("ENOENT", "no"),
        new Answer.Gap(1, Long.MAX_VALUE),
        new Answer.Finished(PROCESS, null, null),
        PROCESS,
        DaemonStatus.builder(DaemonStatus.State.BACKING_OFF, true, 6)
            .pid(9)
            .version("26.1.5")
            .readyAfterMillis(1)
            .restarts(2)
            .attempt(3)
            .attempts(4)
            .lastExit(EXIT)
            .nextRestartAt(5)
            .reason("r")
            .history(
                List.of(
                    DaemonRun.builder("dockerd", DaemonRun.Cause.MUTE)
                        .pid(9)
                        .startedAt(1)
                        .endedAt(2)
                        .code(137)
                        .signal("KILL")
                        .reason("r")
                        .dump("/d")
                        .dumpHead("h")
                        .logTail("t")
                        .backAfterMillis(3)
                        .build()))
            .disk(new DiskUse(10, 7))
            .build(),
        new Request.Configure(
            Map.of("A", "b=c"),
            "/w",
            "1000",
            new Request.DockerPlan(
                List.of("http://m"), List.of(), 1400, null, "10.0.0.0/8", 1, 2, 3)),
        new Request.Configure(Map.of(), "/", null, null),
        new Request.Run(start(), 10),
        start(),
        new Request.ListProcesses(),
        new Request.Describe(-1),
        new Request.Await(1, 2, 3),
        new Request.Follow("dockerd", 4, true),
        new Request.Read("1", StreamName.STDERR, 5, -1, false),
        new Request.Signal(1, "TERM"),
        new Request.End(1, 5),
        new Request.DescribeDaemon(),
        new Request.Daemon(Request.DaemonCommand.RESTART),
        new Request.Watch(),
        new Request.Shutdown(1));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void bringsEveryMessageBack(Message message) throws Exception {
    assertThat(Codec.decode(Codec.encode(message))).isEqualTo(message);
  }

  @Test
  void bringsBytesBack() throws Exception {
    byte[] bytes = {0, -1, 127, -128};
    Answer.Output output =
        (Answer.Output)
            Codec.decode(Codec.encode(new Answer.Output(1, 2, StreamName.STDOUT, 3, bytes)));
    assertThat(output.bytes()).isEqualTo(bytes);
  }

  /** A record as an older version had it. */
  record Old(long number, String name) {}

  /** The same as a newer version has it. */
  record New(
      long number,
      String name,
      @Nullable String note,
      List<String> list,
      Map<String, String> map,
      int count,
      boolean flag,
      ProcessInfo.@Nullable Volume nested) {}

  @Test
  void readsWhatAnOlderPeerDidNotSendAsNothing() throws Exception {
    byte[] old = Codec.encodeRecord(new Old(5, "name"));

    assertThat(Codec.decodeRecord(old, New.class))
        .returns(5L, New::number)
        .returns("name", New::name)
        .returns(null, New::note)
        .returns(List.of(), New::list)
        .returns(Map.of(), New::map)
        .returns(0, New::count)
        .returns(false, New::flag)
        .returns(null, New::nested);
  }

  @Test
  void skipsWhatANewerPeerSendsBeside() throws Exception {
    byte[] fresh =
        Codec.encodeRecord(
            new New(5, "name", "note", List.of("a"), Map.of("b", "c"), 1, true, VOLUME));

    assertThat(Codec.decodeRecord(fresh, Old.class)).isEqualTo(new Old(5, "name"));
  }

  @Test
  void tellsAnUnknownKindFromABrokenFrame() {
    assertThatThrownBy(() -> Codec.decode(new byte[] {(byte) 250, 1}))
        .isInstanceOf(UnknownMessageException.class);
    assertThatThrownBy(() -> Codec.decode(new byte[0])).isInstanceOf(IOException.class);
  }

  @Test
  void believesNoLengthThatExceedsTheFrame() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(1);
    out.writeBoolean(true);
    out.writeInt(Integer.MAX_VALUE);
    out.write("short".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> Codec.decodeRecord(bytes.toByteArray(), Old.class))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exceeds");
  }

  @Test
  void answersAnyNonsenseWithAnErrorOfItsOwn() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] frame = new byte[1 + random.nextInt(64)];
      random.nextBytes(frame);
      frame[0] = (byte) random.nextInt(24);
      try {
        Objects.requireNonNull(Codec.decode(frame));
      } catch (IOException expected) {
        assertThat(expected).isNotNull();
      }
    }
  }

  private static Request.Start start() {
    return Request.Start.builder("a", "b")
        .shell(true)
        .env(Map.of("K", "v"))
        .user("u")
        .background(true)
        .timeoutMillis(1)
        .journalBytes(2)
        .build();
  }
}
