package dev.caisson.supervisor.wire;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The shape of the wire as text: each kind of message by its number, each record with its
 * components in their order, each enum with its constants. Of what comes from a sandbox, its bounds
 * too.
 */
final class WireShape {
  private static final Pattern SINCE = Pattern.compile(" since (\\d+)");
  private static final Pattern BOUND =
      Pattern.compile(" (bytes|elements|least|most|cut|form)=(\\S+)");

  private final Map<String, List<String>> blocks;

  private WireShape(Map<String, List<String>> blocks) {
    this.blocks = blocks;
  }

  /** As it is in this version. */
  static WireShape current() {
    Map<String, List<String>> blocks = new LinkedHashMap<>();
    blocks.put(
        "wire", List.of("protocol " + Connection.PROTOCOL, "revision " + Connection.REVISION));
    Map<String, Class<?>> parts = new TreeMap<>();
    messages()
        .sorted(Comparator.comparingInt(Codec::kind))
        .forEach(message -> {
          blocks.put("kind " + Codec.kind(message) + " " + name(message), record(message, parts));
        });
    while (parts.keySet().stream().anyMatch(name -> !blocks.containsKey(name))) {
      for (Map.Entry<String, Class<?>> part : List.copyOf(parts.entrySet())) {
        Class<?> type = part.getValue();
        blocks.computeIfAbsent(
            part.getKey(), _ -> type.isEnum() ? constants(type) : record(type, parts));
      }
    }
    return new WireShape(blocks);
  }

  /** As it was written down. */
  static WireShape read(String text) {
    Map<String, List<String>> blocks = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
      if (line.startsWith("  ")) {
        lines.add(line.strip());
      } else {
        lines = new ArrayList<>();
        blocks.put(line, lines);
      }
    }
    return new WireShape(blocks);
  }

  /** Every kind of message there is. */
  static Stream<Class<?>> messages() {
    return records(Message.class);
  }

  private static Stream<Class<?>> records(Class<?> type) {
    return type.isRecord()
        ? Stream.of(type)
        : Arrays.stream(type.getPermittedSubclasses()).flatMap(WireShape::records);
  }

  private static List<String> record(Class<?> type, Map<String, Class<?>> parts) {
    List<String> lines = new ArrayList<>();
    if (type.isAnnotationPresent(Since.class) || type.isAnnotationPresent(Bounds.class)) {
      lines.add("itself" + bounds(type.getAnnotation(Bounds.class)) + since(type));
    }
    for (RecordComponent component : type.getRecordComponents()) {
      boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      lines.add(
          component.getName()
              + " "
              + said(component.getGenericType(), parts)
              + (optional ? "?" : "")
              + bounds(component.getAnnotation(Bounds.class))
              + since(component));
    }
    return lines;
  }

  private static List<String> constants(Class<?> type) {
    return Arrays.stream(type.getFields())
        .filter(field -> field.isEnumConstant())
        .map(field -> field.getName() + since(field))
        .toList();
  }

  private static String said(Type type, Map<String, Class<?>> parts) {
    if (type instanceof ParameterizedType generic) {
      return said(generic.getRawType(), parts)
          + Arrays.stream(generic.getActualTypeArguments())
              .map(argument -> said(argument, parts))
              .collect(Collectors.joining(",", "<", ">"));
    }
    Class<?> known = (Class<?>) type;
    if (known.isEnum()) {
      parts.put("enum " + name(known), known);
    } else if (known.isRecord() && Codec.kind(known) < 0) {
      parts.put("record " + name(known), known);
    }
    return name(known);
  }

  private static String name(Class<?> type) {
    return type.getCanonicalName()
        .replaceFirst("^(java\\.(lang|util)|dev\\.caisson\\.supervisor\\.wire)\\.", "");
  }

  private static String since(AnnotatedElement element) {
    Since since = element.getAnnotation(Since.class);
    return since == null ? "" : " since " + since.value();
  }

  @Bounds
  private static final class Usual {}

  private static String bounds(@Nullable Bounds bounds) {
    if (bounds == null) {
      return "";
    }
    Bounds usual = Usual.class.getAnnotation(Bounds.class);
    return (bounds.bytes() == usual.bytes() ? "" : " bytes=" + bounds.bytes())
        + (bounds.elements() == usual.elements() ? "" : " elements=" + bounds.elements())
        + (bounds.least() == usual.least() ? "" : " least=" + bounds.least())
        + (bounds.most() == usual.most() ? "" : " most=" + bounds.most())
        + (bounds.cut() ? " cut=true" : "")
        + (bounds.form() == usual.form() ? "" : " form=" + bounds.form());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    blocks.forEach((head, lines) -> {
      text.append(head).append('\n');
      lines.forEach(line -> text.append("  ").append(line).append('\n'));
    });
    return text.toString();
  }

  /**
   * What a peer of an earlier shape would take for something else; nothing if PROTOCOL has grown.
   */
  List<String> brokenSince(WireShape before) {
    List<String> broken = new ArrayList<>();
    if (number("protocol") > before.number("protocol")) {
      return broken;
    }
    before.blocks.forEach((head, lines) -> {
      List<String> now = blocks.get(head);
      if (now == null) {
        broken.add(head + " is gone, or has another number");
      } else if (!head.equals("wire")) {
        grown(head, lines, now, before, broken);
      }
    });
    blocks.forEach((head, lines) -> {
      if (head.startsWith("kind ") && !before.blocks.containsKey(head)) {
        added(head, lines.isEmpty() ? "" : lines.getFirst(), before, broken);
      }
    });
    return broken;
  }

  private void grown(
      String head, List<String> before, List<String> now, WireShape earlier, List<String> broken) {
    for (int i = 0; i < before.size(); i++) {
      String was = before.get(i);
      String is = i < now.size() ? now.get(i) : "nothing";
      if (!plain(was).equals(plain(is)) || !since(was).equals(since(is))) {
        broken.add(head + ": '" + was + "' has become '" + is + "'");
      } else if (isNarrower(was, is)) {
        broken.add(head + ": '" + is + "' takes less than '" + was + "', which older peers say");
      }
    }
    for (String line : now.subList(Math.min(before.size(), now.size()), now.size())) {
      added(head + "." + line, line, earlier, broken);
      String type = plain(line).replaceFirst("^\\S+ ?", "");
      if (!head.startsWith("enum ") && !type.matches("|int|long|boolean|.*\\?|(List|Map)<.*")) {
        broken.add(head + ": an older peer does not say '" + line + "', so it is @Nullable");
      }
    }
  }

  private void added(String what, String line, WireShape before, List<String> broken) {
    Matcher since = SINCE.matcher(line);
    long at = since.find() ? Long.parseLong(since.group(1)) : 0;
    if (at <= before.number("revision") || at > number("revision")) {
      broken.add(
          "%s is new: Connection.REVISION becomes %d, and @Since(%2$d) stands at it"
              .formatted(what, before.number("revision") + 1));
    }
  }

  private long number(String name) {
    return blocks.getOrDefault("wire", List.of()).stream()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  /** Name and type alone. */
  private static String plain(String line) {
    return BOUND.matcher(SINCE.matcher(line).replaceAll("")).replaceAll("");
  }

  private static String since(String line) {
    Matcher since = SINCE.matcher(line);
    return since.find() ? since.group(1) : "";
  }

  private static boolean isNarrower(String was, String is) {
    Bounds usual = Usual.class.getAnnotation(Bounds.class);
    boolean cut = is.contains(" cut=true");
    boolean shorter = bound(is, "bytes", usual.bytes()) < bound(was, "bytes", usual.bytes());
    boolean fewer =
        bound(is, "elements", usual.elements()) < bound(was, "elements", usual.elements())
            || bound(is, "most", usual.most()) < bound(was, "most", usual.most())
            || bound(is, "least", usual.least()) > bound(was, "least", usual.least());
    String form = text(is, "form", "ANY");
    return fewer
        || (shorter && !cut)
        || (was.contains(" cut=true") && !cut)
        || (!form.equals(text(was, "form", "ANY")) && !form.matches("ANY|LINE"));
  }

  private static long bound(String line, String name, long usual) {
    return Long.parseLong(text(line, name, Long.toString(usual)));
  }

  private static String text(String line, String name, String usual) {
    return BOUND
        .matcher(line)
        .results()
        .filter(found -> found.group(1).equals(name))
        .map(found -> found.group(2))
        .findFirst()
        .orElse(usual);
  }
}
