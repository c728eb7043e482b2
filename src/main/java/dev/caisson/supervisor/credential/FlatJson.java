package dev.caisson.supervisor.credential;

import java.util.LinkedHashMap;
import java.util.Map;

/** JSON as the credential helpers' protocol has it: one object whose values are texts. */
final class FlatJson {
  private final String text;
  private int at;

  private FlatJson(String text) {
    this.text = text;
  }

  /**
   * Returns the fields of the object.
   *
   * @throws IllegalArgumentException if the text is anything else; the message repeats none of it
   */
  static Map<String, String> parse(String text) {
    return new FlatJson(text).object();
  }

  /** Returns the object as text, on one line. */
  static String write(Map<String, String> fields) {
    StringBuilder out = new StringBuilder("{");
    fields.forEach((name, value) -> {
      out.append(out.length() == 1 ? "" : ",");
      string(out, name);
      out.append(':');
      string(out, value);
    });
    return out.append('}').toString();
  }

  private static void string(StringBuilder out, String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private Map<String, String> object() {
    Map<String, String> fields = new LinkedHashMap<>();
    expect('{');
    if (next() != '}') {
      while (true) {
        String name = string();
        expect(':');
        fields.put(name, string());
        if (next() == '}') {
          break;
        }
        expect(',');
      }
    }
    expect('}');
    next();
    if (at < text.length()) {
      throw malformed();
    }
    return fields;
  }

  /** Returns the next character that is no space, left where it is; a NUL at the end. */
  private char next() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void expect(char wanted) {
    if (next() != wanted) {
      throw malformed();
    }
    at++;
  }

  private String string() {
    expect('"');
    StringBuilder value = new StringBuilder();
    while (true) {
      char c = take();
      if (c == '"') {
        return value.toString();
      }
      value.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    char c = take();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw malformed();
    };
  }

  private char unicode() {
    if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9A-Fa-f]{4}")) {
      throw malformed();
    }
    at += 4;
    return (char) Integer.parseInt(text.substring(at - 4, at), 16);
  }

  private char take() {
    if (at >= text.length()) {
      throw malformed();
    }
    return text.charAt(at++);
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException("not an object of strings");
  }
}
