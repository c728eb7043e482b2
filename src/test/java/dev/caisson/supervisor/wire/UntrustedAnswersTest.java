package dev.caisson.supervisor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the service takes of answers that come from a sandbox: all kinds, each thing wrong once. */
class UntrustedAnswersTest {

  static Stream<Class<?>> kinds() {
    return Forge.answers().stream();
  }

  static Stream<Forge.Lie> lies() {
    return kinds().flatMap(kind -> Forge.lies(kind).stream());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void takesWhatIsHonest(Class<?> kind) {
    assertThat(Forge.kind(kind)).isNotNegative();
    assertThatCode(() -> receive(Forge.frame(Forge.kind(kind), Forge.honest(kind))))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("lies")
  void refusesOrTamesEachLie(Forge.Lie lie) throws Exception {
    Message taken;
    try {
      taken = receive(lie.frame());
    } catch (BrokenRuleException | UnknownMessageException e) {
      assertThat(e.getMessage()).matches("[ -~]{1,200}");
      return;
    }
    assertThat(lie.refused()).as(lie.toString()).isFalse();
    assertTame((Record) taken);
  }

  /** Every component is there, and what is a line is one. */
  private static void assertTame(Record record) throws Exception {
    Rule[] rules = Rule.of(record.getClass());
    RecordComponent[] components = record.getClass().getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      Object value = components[i].getAccessor().invoke(record);
      if (value == null) {
        // Refuses it where it had to be there.
        assertThat(rules[i].absent(null)).isNull();
      }
      Bounds bounds = components[i].getAnnotation(Bounds.class);
      if (value instanceof String text && bounds != null) {
        assertThat(text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
            .isLessThanOrEqualTo(bounds.bytes() + 2);
        if (bounds.form() == Bounds.Form.LINE) {
          assertThat(text).doesNotContainPattern("[\\p{Cntrl}\\u202E\\u2028]");
        }
      }
      if (value instanceof Record nested) {
        assertTame(nested);
      }
    }
  }

  /** Else a small frame could become a large heap: elements of elements multiply. */
  @ParameterizedTest
  @MethodSource("kinds")
  void nestsNoListInAListAndNoRecordInItself(Class<?> kind) {
    assertNested(kind, Set.of(), false);
  }

  private static void assertNested(Class<?> type, Set<Class<?>> above, boolean inList) {
    assertThat(above).doesNotContain(type);
    Set<Class<?>> here = new HashSet<>(above);
    here.add(type);
    for (RecordComponent component : type.getRecordComponents()) {
      boolean list = component.getType() == List.class;
      assertThat(list && inList).as(component.toString()).isFalse();
      Class<?> inner =
          list
              ? (Class<?>)
                  ((java.lang.reflect.ParameterizedType) component.getGenericType())
                      .getActualTypeArguments()[0]
              : component.getType();
      if (inner.isRecord()) {
        assertNested(inner, here, list || inList);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void allocatesNothingForAFrameThatIsTooLong(Class<?> kind) {
    int bound = Rule.frame(kind);
    byte[] head = ByteBuffer.allocate(5).putInt(bound + 1).put((byte) Forge.kind(kind)).array();

    // Nothing follows: whoever tried to read it would see the end of the channel instead.
    assertThatThrownBy(() -> receive(head)).isInstanceOf(BrokenRuleException.class);
  }

  @Test
  void takesNoRequestForAnAnswer() {
    for (int kind = 0; kind < 256; kind++) {
      byte[] frame = Forge.frame(kind, new byte[0]);
      try {
        assertThat(receive(frame)).isInstanceOf(Answer.class);
      } catch (IOException e) {
        assertThat(e).isInstanceOfAny(BrokenRuleException.class, UnknownMessageException.class);
      }
    }
  }

  @Test
  void answersAnyNonsenseWithAnErrorOfItsOwn() {
    Random random = new Random(1);
    List<Class<?>> kinds = Forge.answers();
    for (int i = 0; i < 50_000; i++) {
      Class<?> kind = kinds.get(random.nextInt(kinds.size()));
      byte[] body = Forge.honest(kind);
      byte[] spoilt = Arrays.copyOf(body, random.nextInt(body.length + 8));
      for (int n = random.nextInt(4); n > 0 && spoilt.length > 0; n--) {
        spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(receive(Forge.frame(Forge.kind(kind), spoilt))).isInstanceOf(Answer.class);
      } catch (IOException e) {
        assertThat(e).isInstanceOfAny(BrokenRuleException.class, UnknownMessageException.class);
      }
    }
  }

  private static Message receive(byte[] frame) throws IOException {
    AtomicInteger room = new AtomicInteger();
    Intake intake =
        new Intake() {
          @Override
          public void begin(int bytes) {
            room.addAndGet(bytes);
          }

          @Override
          public void end(int bytes) {
            room.addAndGet(-bytes);
          }
        };
    try (Connection connection = new Connection(new Frames(frame), intake)) {
      return connection.receive();
    } finally {
      assertThat(room).hasValue(0);
    }
  }

  /** A channel that has these bytes and then its end. */
  private static final class Frames implements ByteChannel {
    private final ByteBuffer left;

    Frames(byte[] bytes) {
      left = ByteBuffer.wrap(bytes);
    }

    @Override
    public int read(ByteBuffer into) {
      if (!left.hasRemaining()) {
        return -1;
      }
      int count = Math.min(left.remaining(), into.remaining());
      into.put(left.slice().limit(count));
      left.position(left.position() + count);
      return count;
    }

    @Override
    public int write(ByteBuffer from) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
