package dev.caisson.supervisor.wire;

import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rule for one component of an answer: whether it may be absent, how long it may be, and its
 * form. Read from the component's own declaration; used by the service alone.
 */
final class Rule {
  private static final Pattern WORD = Pattern.compile("[!-~]*");
  private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]{0,39}");

  /** The rules of a record's components, in their order. */
  private static final ClassValue<Rule[]> OF =
      new ClassValue<>() {
        @Override
        protected Rule[] computeValue(Class<?> type) {
          RecordComponent[] components = type.getRecordComponents();
          Rule[] rules = new Rule[components.length];
          for (int i = 0; i < rules.length; i++) {
            RecordComponent component = components[i];
            rules[i] =
                new Rule(
                    type.getSimpleName() + "." + component.getName(),
                    component.getAnnotatedType(),
                    bounds(component.getAnnotation(Bounds.class)));
          }
          return rules;
        }
      };

  private final String name;
  private final Bounds bounds;
  private final boolean optional;
  private final Rule[] arguments;

  private Rule(String name, AnnotatedType type, Bounds bounds) {
    this.name = name;
    this.bounds = bounds;
    this.optional = type.isAnnotationPresent(Nullable.class);
    AnnotatedType[] inner =
        type instanceof AnnotatedParameterizedType generic
            ? generic.getAnnotatedActualTypeArguments()
            : new AnnotatedType[0];
    this.arguments = new Rule[inner.length];
    for (int i = 0; i < inner.length; i++) {
      arguments[i] = new Rule(name, inner[i], bounds);
    }
  }

  static Rule[] of(Class<?> type) {
    return OF.get(type);
  }

  /** Returns the longest frame of this kind, in bytes. */
  static int frame(Class<?> kind) {
    return bounds(kind.getAnnotation(Bounds.class)).bytes();
  }

  private static Bounds bounds(@Nullable Bounds own) {
    return own == null ? Default.BOUNDS : own;
  }

  Rule argument(int index) {
    return arguments[index];
  }

  /** Refuses that the component is absent, unless it may be. */
  @Nullable Object absent(@Nullable Object empty) throws BrokenRuleException {
    if (empty == null && !optional) {
      throw new BrokenRuleException(name + " is missing");
    }
    return empty;
  }

  long number(long number) throws BrokenRuleException {
    if (number < bounds.least() || number > bounds.most()) {
      throw new BrokenRuleException(name + " is out of bounds");
    }
    return number;
  }

  int elements(int count) throws BrokenRuleException {
    if (count > bounds.elements()) {
      throw new BrokenRuleException(name + " has more than " + bounds.elements() + " elements");
    }
    return count;
  }

  /** Reads as many bytes as are allowed; the rest is skipped where the component may be cut. */
  byte[] bytes(DataInputStream in, int length) throws IOException {
    if (length <= bounds.bytes()) {
      return in.readNBytes(length);
    }
    if (!bounds.cut()) {
      throw new BrokenRuleException(name + " is longer than " + bounds.bytes() + " bytes");
    }
    byte[] taken = in.readNBytes(bounds.bytes());
    in.skipNBytes(length - taken.length);
    return taken;
  }

  String text(byte[] bytes, boolean whole) throws BrokenRuleException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (!whole) {
      // The cut may have gone through a character.
      text = text.substring(0, text.length() - (text.endsWith("\uFFFD") ? 1 : 0));
    }
    return switch (bounds.form()) {
      case ANY -> text;
      case LINE -> line(text);
      case WORD -> matching(WORD, text);
      case CODE -> matching(CODE, text);
    };
  }

  private String matching(Pattern form, String text) throws BrokenRuleException {
    if (!form.matcher(text).matches()) {
      throw new BrokenRuleException(name + " is not of its form");
    }
    return text;
  }

  /** Replaces the characters that a terminal or a log would obey. */
  static String line(String text) {
    StringBuilder line = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isControl(c)) {
        line = line == null ? new StringBuilder(text) : line;
        line.setCharAt(i, Character.isWhitespace(c) ? ' ' : '\uFFFD');
      }
    }
    return line == null ? text : line.toString();
  }

  private static boolean isControl(char c) {
    return switch (Character.getType(c)) {
      // Format characters too: they turn the direction in which a line is read.
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /** The bounds of what declares none. */
  @Bounds
  private static final class Default {
    private static final Bounds BOUNDS = Default.class.getAnnotation(Bounds.class);

    private Default() {}
  }
}
