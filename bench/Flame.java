import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A flame graph as SVG, drawn from stacks with their counts; what is too narrow to be read is left out. */
final class Flame {
  private static final int WIDTH = 1600;
  private static final int LINE = 15;
  private static final double CHARACTER = 6.2;

  /** The least share of all samples that a frame needs to be drawn. */
  private static final double LEAST = 0.004;

  /** A frame, and what it calls. */
  private static final class Node {
    private final Map<String, Node> calls = new TreeMap<>();
    private long count;

    private Node add(String name, long more) {
      Node node = calls.computeIfAbsent(name, each -> new Node());
      node.count += more;
      return node;
    }

    private int depth(double least) {
      return 1
          + calls.values().stream()
              .filter(node -> node.count >= least)
              .mapToInt(node -> node.depth(least))
              .max()
              .orElse(0);
    }
  }

  private final StringBuilder svg = new StringBuilder();
  private final Node root = new Node();

  private Flame() {}

  /**
   * Draws the stacks of a file, one a line, in which the frames are divided by semicolons.
   *
   * @param title what they are samples of
   */
  static void draw(Path collapsed, String title, Path svg) throws Exception {
    Flame flame = new Flame();
    for (String line : Files.readAllLines(collapsed)) {
      int space = line.lastIndexOf(' ');
      flame.add(List.of(line.substring(0, space).split(";")), Long.parseLong(line.substring(space + 1)));
    }
    Files.writeString(svg, flame.drawn(title));
  }

  private void add(List<String> stack, long count) {
    root.count += count;
    Node node = root;
    for (String frame : stack) {
      node = node.add(name(frame), count);
    }
  }

  /** Threads of a kind are one, and so are the classes that the JVM makes of lambdas. */
  private static String name(String frame) {
    return frame
        .replaceAll("^\\[(.*?)[- ]?tid=\\d+]$", "[$1]")
        .replaceAll("^\\[(.*?)[-#]?\\d[-\\d]*(.*)]$", "[$1$2]")
        .replaceAll("\\$\\$Lambda[.0-9a-fx/]*", "\\$Lambda")
        .replace('/', '.');
  }

  private String drawn(String title) {
    int height = (root.depth(LEAST * root.count) + 2) * LINE;
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="monospace" font-size="10">
        <rect width="100%%" height="100%%" fill="#fff"/>
        <text x="4" y="11">%s: %d samples; frames below %.1f %% are left out</text>
        """
            .formatted(WIDTH, height, escaped(title), root.count, LEAST * 100));
    double x = 0;
    for (Map.Entry<String, Node> call : root.calls.entrySet()) {
      draw(call.getKey(), call.getValue(), x, height - LINE);
      x += width(call.getValue());
    }
    return svg.append("</svg>\n").toString();
  }

  private void draw(String name, Node node, double x, int y) {
    if (node.count < LEAST * root.count) {
      return;
    }
    double width = width(node);
    String shown = name.replaceFirst("^.*\\.([^.]+\\.[^.]+)$", "$1");
    int letters = (int) (width / CHARACTER);
    svg.append(
        String.format(
            Locale.ROOT,
            "<g><title>%s %.1f %%</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
            escaped(name), 100.0 * node.count / root.count, x, y, width - 0.3, LINE - 1, color(name)));
    if (letters > 3) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\">%s</text>",
              x + 2, y + 11, escaped(shown.length() > letters ? shown.substring(0, letters) : shown)));
    }
    svg.append("</g>\n");
    double next = x;
    for (Map.Entry<String, Node> call : node.calls.entrySet()) {
      draw(call.getKey(), call.getValue(), next, y - LINE);
      next += width(call.getValue());
    }
  }

  private double width(Node node) {
    return (double) WIDTH * node.count / root.count;
  }

  /** Our own code, the framework's, the database's, the JVM's and the kernel's. */
  private static String color(String name) {
    if (name.startsWith("dev.caisson.")) {
      return "#8fce8f";
    }
    if (name.startsWith("org.h2.") || name.startsWith("com.zaxxer.")) {
      return "#c9b3e6";
    }
    if (name.startsWith("org.") || name.startsWith("tools.") || name.startsWith("io.") || name.startsWith("com.")) {
      return "#f6c177";
    }
    return name.startsWith("java.") || name.startsWith("jdk.") || name.startsWith("sun.") ? "#a7c7e7" : "#e0d8d0";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
