package dev.caisson.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;

/**
 * The shape of the paths that a pattern matches: how many segments they have, and which of these
 * are fixed.
 *
 * @param segments the text of each, null for one that varies
 */
record PathShape(List<Segment> segments) {
  private static final PathShape ANY = new PathShape(List.of());

  /** A segment, with the text that it has in every path; null if it varies. */
  record Segment(@Nullable String text) {}

  /** Returns the shape of a pattern; where paths of several lengths match it, that of any path. */
  static PathShape of(PathPattern pattern) {
    String text = pattern.getPatternString();
    if (!text.startsWith("/") || text.contains("**") || text.contains("{*")) {
      return ANY;
    }
    List<String> texts = List.of(text.substring(1).split("/", -1));
    return texts.contains("")
        ? ANY
        : new PathShape(texts.stream().map(PathShape::segment).toList());
  }

  private static Segment segment(String text) {
    boolean varies = text.chars().anyMatch(each -> "{}*?\\".indexOf(each) >= 0 || each > '~');
    return new Segment(varies ? null : text);
  }

  /** Tells whether a path can match; false only where it cannot. */
  boolean admits(PathContainer path) {
    if (equals(ANY)) {
      return true;
    }
    List<PathContainer.Element> elements = path.elements();
    // Before each segment is a slash.
    if (elements.size() != 2 * segments.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      String text = segments.get(i).text();
      if (text != null
          && (!(elements.get(2 * i + 1) instanceof PathContainer.PathSegment segment)
              || !segment.valueToMatch().equals(text))) {
        return false;
      }
    }
    return true;
  }
}
