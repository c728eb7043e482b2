package dev.caisson.supervisor.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The codec that turns records into bytes and back, driven by their components, so that a message
 * is one record and nothing else. A record may gain components at its end: an older peer does not
 * send them, they read as zero, empty or null; what a newer peer sends beyond the known ones is
 * skipped, so {@link Need} tells whether it may be sent. What may change is held by a test, against
 * the shape that was recorded.
 *
 * <p>The service checks what comes from a sandbox: each component against its nullness and its
 * {@link Bounds}, before anything is allocated for it. A supervisor does not: it hears the service
 * alone.
 */
public final class Codec {
  /** The kinds of message, by number: appended to, never reordered. */
  private static final List<Class<? extends Record>> KINDS =
      List.of(
          Answer.Greeting.class,
          Answer.Done.class,
          Answer.Refused.class,
          Answer.Output.class,
          Answer.Gap.class,
          Answer.Bytes.class,
          Answer.Finished.class,
          ProcessInfo.class,
          DaemonStatus.class,
          Request.Configure.class,
          Request.Start.class,
          Request.Run.class,
          Request.ListProcesses.class,
          Request.Describe.class,
          Request.Await.class,
          Request.Follow.class,
          Request.Read.class,
          Request.Signal.class,
          Request.End.class,
          Request.DescribeDaemon.class,
          Request.Daemon.class,
          Request.Watch.class,
          Request.Shutdown.class,
          Request.DescribeActivity.class,
          Answer.Activity.class,
          Answer.ProbeFailed.class,
          Chunk.class,
          FileInfo.class,
          Answer.Written.class,
          Answer.Match.class,
          Answer.Changed.class,
          Request.Write.class,
          Request.Resize.class,
          FileRequest.Stat.class,
          FileRequest.ListFiles.class,
          FileRequest.ReadFile.class,
          FileRequest.WriteFile.class,
          FileRequest.MakeDirectory.class,
          FileRequest.MakeLink.class,
          FileRequest.ChangeFile.class,
          FileRequest.MoveFile.class,
          FileRequest.DeleteFile.class,
          FileRequest.ReadTree.class,
          FileRequest.Search.class,
          FileRequest.WatchFiles.class,
          FileRequest.MakeFifo.class,
          Request.Dial.class,
          Answer.Dialled.class,
          Request.Credentials.class,
          Request.ListListeners.class,
          Answer.Listeners.class,
          Request.Claim.class,
          Request.Forget.class,
          Request.Introduce.class,
          Request.Prove.class,
          Answer.Proof.class,
          FileRequest.FindOwner.class,
          Answer.Owner.class,
          Answer.Extents.class);

  private static final int SMALL = 256;

  /** The longest answer of an unknown kind, in bytes. */
  private static final int UNKNOWN = 64 << 10;

  /** The means to take a record apart and to make it, looked up once per class. */
  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return Shape.of(type);
        }
      };

  private Codec() {}

  /** Encodes the message as kind and body, without the frame's length. */
  public static byte[] encode(Message message) {
    return body(message, 0).toByteArray();
  }

  /** Encodes the message as a frame: its length, kind and body; not copied once more. */
  static ByteBuffer frame(Message message) {
    return body(message, Integer.BYTES).frame();
  }

  private static Body body(Message message, int before) {
    int kind = KINDS.indexOf(message.getClass());
    Body bytes = new Body(SMALL + weight(message));
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(new byte[before]);
      out.writeByte(kind);
      writeRecord(out, (Record) message);
    } catch (IOException e) {
      throw new IllegalStateException("cannot encode " + message.getClass().getSimpleName(), e);
    }
    return bytes;
  }

  /** Returns the size of what makes a message large, so that the buffer need not grow. */
  private static int weight(Message message) {
    if (message instanceof Chunk chunk) {
      return chunk.bytes().length;
    }
    return message instanceof Answer.Bytes piece ? piece.bytes().length : 0;
  }

  /** A body that is handed on without a copy. */
  private static final class Body extends ByteArrayOutputStream {
    Body(int size) {
      super(size);
    }

    /** Returns all bytes; the first four become the length of what follows. */
    ByteBuffer frame() {
      return ByteBuffer.wrap(buf, 0, count).putInt(0, count - Integer.BYTES);
    }
  }

  /**
   * Decodes the message in these bytes.
   *
   * @throws UnknownMessageException if the kind, or a constant in it, is not known here: the peer
   *     is newer
   * @throws IOException if the bytes are not a message
   */
  public static Message decode(byte[] frame) throws IOException {
    if (frame.length == 0) {
      throw new IOException("empty frame");
    }
    int kind = Byte.toUnsignedInt(frame[0]);
    if (kind >= KINDS.size()) {
      throw new UnknownMessageException(kind);
    }
    return (Message) readRecord(frame, 1, frame.length - 1, KINDS.get(kind), false);
  }

  /** Returns the number of a kind of message, -1 if it has none. */
  static int kind(Class<?> type) {
    return KINDS.indexOf(type);
  }

  /**
   * Returns the longest frame, in bytes, of an answer of this kind that comes from a sandbox.
   *
   * @throws BrokenRuleException if it is not the kind of an answer
   */
  static int bound(int kind) throws BrokenRuleException {
    if (kind >= KINDS.size()) {
      return UNKNOWN;
    }
    if (!Answer.class.isAssignableFrom(KINDS.get(kind))) {
      throw new BrokenRuleException("the message is not an answer");
    }
    return Rule.frame(KINDS.get(kind));
  }

  /**
   * Decodes the answer in these bytes, checked against its {@link Bounds}.
   *
   * @param kind as {@link #bound} has seen it
   * @throws UnknownMessageException if the kind, or a constant in it, is not known here
   * @throws BrokenRuleException if the bytes are not an answer that keeps to the rules
   */
  static Answer decodeAnswer(int kind, byte[] body)
      throws UnknownMessageException, BrokenRuleException {
    if (kind >= KINDS.size()) {
      throw new UnknownMessageException(kind);
    }
    return (Answer) decodeUntrusted(body, KINDS.get(kind));
  }

  /**
   * Decodes a record that {@link #encodeRecord} may have made, in a place where a sandbox can
   * write.
   *
   * @throws BrokenRuleException if it does not keep to its {@link Bounds}
   * @throws UnknownMessageException if a constant in it is not known here
   */
  public static <R extends Record> R decodeUntrusted(byte[] bytes, Class<R> type)
      throws UnknownMessageException, BrokenRuleException {
    try {
      return type.cast(readRecord(bytes, 0, bytes.length, type, true));
    } catch (UnknownMessageException | BrokenRuleException e) {
      throw e;
    } catch (IOException e) {
      throw new BrokenRuleException("the message is not a " + type.getSimpleName());
    }
  }

  /** Encodes a record without a kind, as it is kept on disk. */
  public static byte[] encodeRecord(Record record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    writeRecord(new DataOutputStream(bytes), record);
    return bytes.toByteArray();
  }

  /** Decodes a record that {@link #encodeRecord} made. */
  public static <R extends Record> R decodeRecord(byte[] bytes, Class<R> type) throws IOException {
    return type.cast(readRecord(bytes, 0, bytes.length, type, false));
  }

  private static void writeRecord(DataOutputStream out, Record record) throws IOException {
    Shape shape = SHAPES.get(record.getClass());
    for (RecordComponent component : shape.components) {
      write(out, shape.value(record, component), component.getGenericType());
    }
  }

  private static void write(DataOutputStream out, @Nullable Object value, Type type)
      throws IOException {
    if (type == long.class && value instanceof Long number) {
      out.writeLong(number);
    } else if (type == int.class && value instanceof Integer number) {
      out.writeInt(number);
    } else if (type == boolean.class && value instanceof Boolean truth) {
      out.writeBoolean(truth);
    } else if (value == null) {
      out.writeBoolean(false);
    } else {
      out.writeBoolean(true);
      writePresent(out, value, type);
    }
  }

  /**
   * Writes a value that is there. No switch over patterns, here and wherever a supervisor comes by
   * at its start: the JVM links each at run time, for milliseconds, and no cache keeps that (JDK
   * 25).
   */
  private static void writePresent(DataOutputStream out, Object value, Type type)
      throws IOException {
    if (value instanceof String text) {
      writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
    } else if (value instanceof byte[] bytes) {
      writeBytes(out, bytes);
    } else if (value instanceof Enum<?> constant) {
      writeBytes(out, constant.name().getBytes(StandardCharsets.UTF_8));
    } else if (value instanceof List<?> list) {
      out.writeInt(list.size());
      for (Object element : list) {
        write(out, element, argument(type, 0));
      }
    } else if (value instanceof Map<?, ?> map) {
      out.writeInt(map.size());
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        write(out, entry.getKey(), argument(type, 0));
        write(out, entry.getValue(), argument(type, 1));
      }
    } else if (value instanceof Record nested) {
      writeBytes(out, encodeRecord(nested));
    } else {
      throw new IOException("no encoding for " + value.getClass());
    }
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static Object readRecord(
      byte[] bytes, int from, int length, Class<?> type, boolean untrusted) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, from, length));
    Shape shape = SHAPES.get(type);
    Rule[] rules = untrusted ? Rule.of(type) : null;
    @Nullable Object[] values = new @Nullable Object[shape.components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = read(in, shape.components[i].getGenericType(), rules == null ? null : rules[i]);
    }
    return shape.make(values);
  }

  /**
   * Reads a component, or an element of one.
   *
   * @param rule that it must keep to; null where the peer is trusted
   */
  private static @Nullable Object read(DataInputStream in, Type type, @Nullable Rule rule)
      throws IOException {
    boolean absent = in.available() == 0;
    if (type == long.class) {
      long number = absent ? 0L : in.readLong();
      return rule == null || absent ? number : rule.number(number);
    }
    if (type == int.class) {
      int number = absent ? 0 : in.readInt();
      return rule == null || absent ? number : (int) rule.number(number);
    }
    if (type == boolean.class) {
      return !absent && in.readBoolean();
    }
    if (absent || !in.readBoolean()) {
      Object empty = empty(type);
      return rule == null ? empty : rule.absent(empty);
    }
    return readPresent(in, type, rule);
  }

  private static Object readPresent(DataInputStream in, Type type, @Nullable Rule rule)
      throws IOException {
    if (type == String.class) {
      return readText(in, rule);
    }
    if (type == byte[].class) {
      return readBytes(in, rule);
    }
    if (type instanceof Class<?> known && known.isEnum()) {
      return constant(known, new String(readBytes(in, rule), StandardCharsets.UTF_8));
    }
    if (type instanceof Class<?> known && known.isRecord()) {
      // As long as the frame lets it be: its components have bounds of their own.
      byte[] nested = readBytes(in, null);
      return readRecord(nested, 0, nested.length, known, rule != null);
    }
    if (raw(type) == List.class) {
      int size = readCount(in, rule);
      List<@Nullable Object> list = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        list.add(read(in, argument(type, 0), rule == null ? null : rule.argument(0)));
      }
      return list;
    }
    if (raw(type) == Map.class) {
      int size = readCount(in, rule);
      Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
      for (int i = 0; i < size; i++) {
        map.put(
            read(in, argument(type, 0), rule == null ? null : rule.argument(0)),
            read(in, argument(type, 1), rule == null ? null : rule.argument(1)));
      }
      return map;
    }
    throw new IOException("no decoding for " + type);
  }

  private static Object constant(Class<?> type, String name) throws UnknownMessageException {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new UnknownMessageException(type);
  }

  private static @Nullable Object empty(Type type) {
    Type raw = raw(type);
    return raw == List.class ? List.of() : raw == Map.class ? Map.of() : null;
  }

  private static String readText(DataInputStream in, @Nullable Rule rule) throws IOException {
    int length = readLength(in);
    if (rule == null) {
      return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
    byte[] bytes = rule.bytes(in, length);
    return rule.text(bytes, bytes.length == length);
  }

  private static byte[] readBytes(DataInputStream in, @Nullable Rule rule) throws IOException {
    int length = readLength(in);
    return rule == null ? in.readNBytes(length) : rule.bytes(in, length);
  }

  private static int readCount(DataInputStream in, @Nullable Rule rule) throws IOException {
    int count = readLength(in);
    return rule == null ? count : rule.elements(count);
  }

  /**
   * Reads a length, which cannot exceed the rest of the frame: each element takes at least a byte.
   */
  private static int readLength(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("length " + length + " exceeds the frame");
    }
    return length;
  }

  private static Type argument(Type type, int index) throws IOException {
    if (type instanceof ParameterizedType generic) {
      return generic.getActualTypeArguments()[index];
    }
    throw new IOException("no element type in " + type);
  }

  private static Type raw(Type type) {
    return type instanceof ParameterizedType generic ? generic.getRawType() : type;
  }

  /** A record class's components and constructor. */
  private record Shape(RecordComponent[] components, java.lang.reflect.Constructor<?> constructor) {

    static Shape of(Class<?> type) {
      RecordComponent[] components = type.getRecordComponents();
      Class<?>[] types = new Class<?>[components.length];
      for (int i = 0; i < types.length; i++) {
        types[i] = components[i].getType();
      }
      try {
        return new Shape(components, type.getDeclaredConstructor(types));
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException(e);
      }
    }

    @Nullable Object value(Record record, RecordComponent component) throws IOException {
      try {
        return component.getAccessor().invoke(record);
      } catch (ReflectiveOperationException e) {
        throw new IOException(e);
      }
    }

    Object make(@Nullable Object[] values) throws IOException {
      try {
        return constructor.newInstance(values);
      } catch (InvocationTargetException e) {
        throw new IOException("not a valid record", e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new IOException(e);
      }
    }
  }
}
