package dev.caisson.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.lifecycle.FakeSandboxes;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.StreamName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

/** The output of a process as events: in order, whole, and resumed without loss or repetition. */
class OutputEventsTest {
  private final FakeSandboxes sandboxes = new FakeSandboxes();
  private final FakeSupervisor supervisor = new FakeSupervisor();
  private final SandboxId id = sandboxes.add(supervisor, daemon());
  private final FakeJournal journal = supervisor.journal("147");
  private final Streams streams = new Streams(JsonMapper.builder().build());
  private final ProcessRecord record = new ProcessRecord(new SimpleMeterRegistry());
  private final ProcessOutput output =
      new ProcessOutput(new Processes(sandboxes, streams, record), streams, record);

  static DaemonStatus daemon() {
    return DaemonStatus.untouched(DaemonStatus.State.DISABLED, false, 0);
  }

  @Test
  void bothStreamsComeInTheirOrderAndTheExitComesLast() {
    journal.write(StreamName.STDERR, "Pulling\n").write(StreamName.STDOUT, "done\n").exit(0);

    List<Sse.Event> events = read("0");

    assertThat(events).extracting(Sse.Event::name).containsExactly("output", "output", "exit");
    assertThat(events).extracting(Sse.Event::id).containsExactly("1", "2", "");
    assertThat(events.get(0).data().get("stream").asString()).isEqualTo("stderr");
    assertThat(events.get(0).data().get("at").asString()).isEqualTo("1970-01-01T00:00:00.001Z");
    assertThat(events.get(1).text()).isEqualTo("done\n");
    assertThat(events.get(2).data().get("exit").get("code").asInt()).isZero();
    assertThat(events.get(2).data().get("pid").asLong()).isEqualTo(147);
  }

  @Test
  void whatIsThereOfARunningProcessEndsWithAnEndThatSaysWhereToGoOn() {
    journal.write(StreamName.STDOUT, new byte[] {'a', (byte) 0xC3});

    List<Sse.Event> events = read("0");

    assertThat(events).extracting(Sse.Event::name).containsExactly("output", "end");
    assertThat(events.get(0).text()).isEqualTo("a");
    assertThat(events.get(1).data().get("after").asString()).isEqualTo("1");
    journal.write(StreamName.STDOUT, new byte[] {(byte) 0xA9}).exit(0);
    assertThat(read("1")).extracting(Sse.Event::text).startsWith("é");
  }

  @Test
  void piecesThatWereDroppedAreNamedByAGap() {
    journal.write(StreamName.STDOUT, "one").write(StreamName.STDOUT, "two");
    journal.write(StreamName.STDOUT, "three").drop(2).exit(0);

    List<Sse.Event> events = read("0");

    assertThat(events).extracting(Sse.Event::name).containsExactly("gap", "output", "exit");
    assertThat(events.get(0).id()).isEqualTo("2");
    assertThat(events.get(0).data().get("from").asLong()).isEqualTo(1);
    assertThat(events.get(0).data().get("to").asLong()).isEqualTo(2);
    assertThat(events.get(1).text()).isEqualTo("three");
  }

  @Test
  void incompleteEndsOfBothStreamsAreEventsOfTheirOwnThatAreNotRepeated() {
    journal.write(StreamName.STDOUT, new byte[] {(byte) 0xE2});
    journal.write(StreamName.STDERR, new byte[] {(byte) 0xF0, (byte) 0x9F}).exit(0);

    assertThat(read("0")).extracting(Sse.Event::id).containsExactly("1", "2", "2.1", "2.2", "");
    assertThat(read("0"))
        .extracting(Sse.Event::text)
        .containsExactly("", "", "\uFFFD", "\uFFFD", "");
    assertThat(read("2.1")).extracting(Sse.Event::id).containsExactly("2.2", "");
    assertThat(read("2.2")).extracting(Sse.Event::name).containsExactly("exit");
  }

  @Test
  void exactBytesComeAsBase64() {
    byte[] noise = {0, (byte) 0xFF, (byte) 0xC3};
    journal.write(StreamName.STDOUT, noise).exit(0);

    Sse.Event event = Sse.parse(body(OutputPosition.START, true)).getFirst();

    assertThat(Base64.getDecoder().decode(event.data().get("base64").asString())).isEqualTo(noise);
    assertThat(event.data().get("data").isNull()).isTrue();
  }

  @Test
  void resumingAfterAnyEventGivesExactlyTheEventsThatWereStillToCome() {
    Random random = new Random(17);
    byte[] text = "Zażółć 漢字 🐳 ok \n".getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 200; round++) {
      FakeJournal process = supervisor.journal(Integer.toString(1000 + round));
      int[] at = {random.nextInt(text.length), random.nextInt(text.length)};
      for (int piece = random.nextInt(20); piece >= 0; piece--) {
        int which = random.nextInt(2);
        int length = random.nextInt(1, 6);
        process.write(
            which == 0 ? StreamName.STDOUT : StreamName.STDERR,
            noisy(text, at[which], length, random));
        at[which] += length;
      }
      process.exit(0);
      String key = Integer.toString(1000 + round);
      List<Sse.Event> whole = Sse.parse(body(key, OutputPosition.START, false));
      for (int i = 0; i < whole.size() - 1; i++) {
        OutputPosition position = OutputPosition.of(whole.get(i).id(), null);
        List<Sse.Event> joined = new ArrayList<>(whole.subList(0, i + 1));
        joined.addAll(Sse.parse(body(key, position, false)));
        assertThat(joined).isEqualTo(whole);
      }
    }
  }

  private static byte[] noisy(byte[] text, int from, int length, Random random) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < length; i++) {
      byte good = text[(from + i) % text.length];
      bytes.write(random.nextInt(20) == 0 ? random.nextInt(256) : good);
    }
    return bytes.toByteArray();
  }

  private List<Sse.Event> read(String after) {
    return Sse.parse(body(OutputPosition.of(null, after), false));
  }

  private String body(OutputPosition after, boolean exact) {
    return body("147", after, exact);
  }

  private String body(String process, OutputPosition after, boolean exact) {
    MockHttpServletResponse response = new MockHttpServletResponse();
    output.events(id, process, after, false, exact, response);
    assertThat(response.getContentType()).isEqualTo("text/event-stream;charset=UTF-8");
    return new String(response.getContentAsByteArray(), StandardCharsets.UTF_8);
  }
}
