package dev.caisson.supervisor.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Frames as nobody honest makes them: every answer of the wire, and each of its components absent,
 * too long, too many, of the wrong form. Made from the records themselves, so a new one is in it.
 */
public final class Forge {
  private static final String CONTROLS = "a\r\n2026-01-01 ERROR forged \u001B[2J\0\u202E\u2028b";

  private Forge() {}

  /**
   * A forged answer.
   *
   * @param what is wrong with it
   * @param refused whether it breaks the rules; else it is cut, cleaned or taken as it is
   * @param body without kind
   */
  public record Lie(Class<?> kind, String what, boolean refused, byte[] body) {
    /** With length and kind, as it goes over the wire. */
    public byte[] frame() {
      return Forge.frame(Forge.kind(kind), body);
    }

    @Override
    public String toString() {
      return kind.getSimpleName() + ": " + what;
    }
  }

  /** All kinds of answers there are. */
  public static List<Class<?>> answers() {
    List<Class<?>> found = new ArrayList<>();
    collect(Answer.class, found);
    return found;
  }

  private static void collect(Class<?> type, List<Class<?>> found) {
    if (type.isRecord()) {
      found.add(type);
    } else {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        collect(permitted, found);
      }
    }
  }

  /** The number of a kind on the wire. */
  public static int kind(Class<?> type) {
    return Codec.kind(type);
  }

  /** A frame of this kind with this body. */
  public static byte[] frame(int kind, byte[] body) {
    return java.nio.ByteBuffer.allocate(body.length + 5)
        .putInt(body.length + 1)
        .put((byte) kind)
        .put(body)
        .array();
  }

  /** A body with nothing wrong. */
  public static byte[] honest(Class<?> type) {
    return body(type, sample(type));
  }

  /** Everything that can be wrong with a kind of answer, one thing at a time. */
  public static List<Lie> lies(Class<?> kind) {
    List<Lie> lies = new ArrayList<>();
    spoil(kind, "", (what, spoilt) -> lies.add(lie(kind, what, spoilt)));
    lies.add(new Lie(kind, "nothing but zeros", false, new byte[64]));
    byte[] honest = honest(kind);
    if (honest.length > 0) {
      lies.add(new Lie(kind, "half of it", false, Arrays.copyOf(honest, honest.length / 2)));
    }
    return lies;
  }

  private static Lie lie(Class<?> kind, String what, Spoilt spoilt) {
    return new Lie(kind, what, spoilt.refused, body(kind, spoilt.values));
  }

  private record Spoilt(@Nullable Object[] values, boolean refused) {}

  private static void spoil(Class<?> type, String path, BiConsumer<String, Spoilt> found) {
    RecordComponent[] components = type.getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      int at = i;
      RecordComponent component = components[i];
      String name = path + component.getName();
      Bounds own = component.getAnnotation(Bounds.class);
      Bounds bounds = own == null ? defaults() : own;
      BiConsumer<@Nullable Object, Boolean> put =
          (value, refused) -> {
            @Nullable Object[] values = sample(type);
            values[at] = value;
            found.accept(name + " is " + shown(value), new Spoilt(values, refused));
          };
      boolean required =
          !component
              .getAnnotatedType()
              .isAnnotationPresent(org.jspecify.annotations.Nullable.class);
      Class<?> raw = component.getType();
      if (raw == long.class || raw == int.class) {
        for (long number : new long[] {Long.MIN_VALUE, -1, 0, Integer.MAX_VALUE, Long.MAX_VALUE}) {
          long seen = raw == int.class ? (int) number : number;
          put.accept(
              raw == int.class ? (Object) (int) number : (Object) number,
              seen < bounds.least() || seen > bounds.most());
        }
      } else if (raw != boolean.class) {
        // A list that is absent reads as an empty one: an older peer does not send it.
        put.accept(null, required && raw != List.class);
      }
      if (raw == String.class) {
        texts(bounds, put);
      } else if (raw == byte[].class) {
        put.accept(new byte[bounds.bytes() + 1], true);
      } else if (raw == List.class) {
        lists(component, bounds, put, name, found, type, at);
      } else if (raw.isRecord()) {
        spoil(
            raw,
            name + ".",
            (what, inner) -> {
              @Nullable Object[] values = sample(type);
              values[at] = new Forged(raw, inner.values);
              found.accept(what, new Spoilt(values, inner.refused));
            });
      }
    }
  }

  private static void texts(Bounds bounds, BiConsumer<@Nullable Object, Boolean> put) {
    put.accept("x".repeat(bounds.bytes() + 1), !bounds.cut());
    put.accept("\u20AC".repeat(bounds.bytes() / 3 + 1), !bounds.cut() || isWord(bounds));
    put.accept(CONTROLS, isWord(bounds));
    put.accept("", bounds.form() == Bounds.Form.CODE);
  }

  private static boolean isWord(Bounds bounds) {
    return bounds.form() == Bounds.Form.CODE || bounds.form() == Bounds.Form.WORD;
  }

  private static void lists(
      RecordComponent component,
      Bounds bounds,
      BiConsumer<@Nullable Object, Boolean> put,
      String name,
      BiConsumer<String, Spoilt> found,
      Class<?> type,
      int at) {
    AnnotatedType element =
        ((AnnotatedParameterizedType) component.getAnnotatedType())
            .getAnnotatedActualTypeArguments()[0];
    Class<?> raw = (Class<?>) element.getType();
    put.accept(Collections.nCopies(bounds.elements() + 1, one(raw)), true);
    put.accept(Arrays.asList(one(raw), null), true);
    if (raw.isRecord()) {
      spoil(
          raw,
          name + "[0].",
          (what, inner) -> {
            @Nullable Object[] values = sample(type);
            values[at] = List.of(new Forged(raw, inner.values));
            found.accept(what, new Spoilt(values, inner.refused));
          });
    }
  }

  private static Object one(Class<?> raw) {
    return raw.isRecord() ? new Forged(raw, sample(raw)) : "x";
  }

  @Bounds
  private static final class Plain {}

  private static Bounds defaults() {
    return Plain.class.getAnnotation(Bounds.class);
  }

  private static String shown(@Nullable Object value) {
    return switch (value) {
      case null -> "absent";
      case String text -> text.length() + " characters from '" + Rule.line(head(text)) + "'";
      case byte[] bytes -> bytes.length + " bytes";
      case List<?> list -> list.size() + " elements" + (list.contains(null) ? ", one absent" : "");
      default -> value.toString();
    };
  }

  private static String head(String text) {
    return text.substring(0, Math.min(8, text.length()));
  }

  /** A record that need not be one that its constructor takes. */
  private record Forged(Class<?> type, @Nullable Object[] values) {}

  /** Values of which none is wrong, for the components of a record. */
  private static @Nullable Object[] sample(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < values.length; i++) {
      Bounds bounds = components[i].getAnnotation(Bounds.class);
      Class<?> raw = components[i].getType();
      if (raw == long.class) {
        values[i] = 1L;
      } else if (raw == int.class) {
        values[i] = 1;
      } else if (raw == boolean.class) {
        values[i] = false;
      } else if (raw == String.class) {
        values[i] = bounds != null && bounds.form() == Bounds.Form.CODE ? "ENOENT" : "x";
      } else if (raw == byte[].class) {
        values[i] = new byte[] {1};
      } else if (raw.isEnum()) {
        values[i] = raw.getEnumConstants()[0];
      } else if (raw == List.class) {
        values[i] = List.of();
      } else {
        values[i] = new Forged(raw, sample(raw));
      }
    }
    return values;
  }

  private static byte[] body(Class<?> type, @Nullable Object[] values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      RecordComponent[] components = type.getRecordComponents();
      for (int i = 0; i < values.length; i++) {
        write(out, values[i], components[i].getGenericType());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, @Nullable Object value, Type type)
      throws IOException {
    switch (value) {
      case Long number -> out.writeLong(number);
      case Integer number -> out.writeInt(number);
      case Boolean truth -> out.writeBoolean(truth);
      case null -> out.writeBoolean(false);
      case String text -> writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
      case Enum<?> constant -> writeBytes(out, constant.name().getBytes(StandardCharsets.UTF_8));
      case byte[] bytes -> writeBytes(out, bytes);
      case Forged(Class<?> record, @Nullable Object[] inner) ->
          writeBytes(out, body(record, inner));
      case List<?> list -> {
        out.writeBoolean(true);
        out.writeInt(list.size());
        for (Object element : list) {
          write(out, element, ((ParameterizedType) type).getActualTypeArguments()[0]);
        }
      }
      default -> throw new IllegalStateException("no encoding for " + value.getClass());
    }
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeBoolean(true);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
