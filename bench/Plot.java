import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The medians as bars, to the 99th percentile as lines, on a logarithmic scale of milliseconds. */
final class Plot {
  private static final int LEFT = 330;
  private static final int WIDTH = 520;
  private static final int ROW = 20;
  private static final double FROM = 0.1;
  private static final double TO = 10_000;

  /** A heading, or samples by name: ours, or a baseline. */
  private record Row(String name, String samples, boolean ours) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("A command in a sandbox that runs", null, false),
          new Row("POST …/processes", "exec.rest", true),
          new Row("posix_spawn on the host", "exec.posixSpawn", false),
          new Row("docker's API, kept connection", "exec.engineApi", false),
          new Row("docker exec", "exec.docker", false),
          new Row("From nothing to the end of two commands", null, false),
          new Row("from the pool", "warm.interactive", true),
          new Row("cold", "create.rest", true),
          new Row("docker run --rm, one command", "warm.dockerRunRm", false),
          new Row("From nothing to docker version", null, false),
          new Row("from the pool", "warm.docker", true),
          new Row("cold", "docker.wall", true),
          new Row("container and daemons by hand", "docker.byHandWall", false));

  private Plot() {}

  /** An SVG that reads in light and dark. */
  static String of(Map<String, Object> samples) {
    StringBuilder svg = new StringBuilder();
    int height = ROW * ROWS.size() + 60;
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
        <style>text{fill:#444}.o{fill:#0b7285}.b{fill:#adb5bd}line{stroke:#888}.g{stroke:#8884}
        @media (prefers-color-scheme:dark){text{fill:#ccc}.o{fill:#3bc9db}.b{fill:#868e96}}</style>
        """
            .formatted(LEFT + WIDTH + 90, height));
    for (double tick = FROM; tick <= TO; tick *= 10) {
      svg.append(
          "<line class=\"g\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"8\" y2=\"%2$d\"/><text x=\"%1$.1f\" y=\"%3$d\" text-anchor=\"middle\">%4$s ms</text>\n"
              .formatted(x(tick), height - 40, height - 24, Figure.number(tick)));
    }
    int y = 10;
    for (Row row : ROWS) {
      Map<String, Object> taken = Json.map(samples.get(row.samples()));
      if (row.samples() == null) {
        svg.append("<text x=\"8\" y=\"%d\" font-weight=\"bold\">%s</text>\n".formatted(y + 14, row.name()));
      } else if (!taken.isEmpty()) {
        double p50 = ((Number) taken.get("p50")).doubleValue();
        double p99 = ((Number) taken.get("p99")).doubleValue();
        svg.append(
            """
            <text x="%d" y="%d" text-anchor="end">%s</text><rect class="%s" x="%d" y="%d" width="%.1f" height="12"/>\
            <line x1="%.1f" x2="%.1f" y1="%d" y2="%d"/><text x="%.1f" y="%d">%s</text>
            """
                .formatted(
                    LEFT - 8, y + 14, row.name(), row.ours() ? "o" : "b", LEFT, y + 4, x(p50) - LEFT,
                    x(p50), x(p99), y + 10, y + 10, x(p99) + 6, y + 14, Figure.Samples.millis(p50)));
      }
      y += ROW;
    }
    svg.append(
        "<text x=\"%d\" y=\"%d\">bars: p50, lines: to p99; ours in colour</text>\n</svg>\n"
            .formatted(LEFT, height - 6));
    return svg.toString();
  }

  private static double x(double millis) {
    double share = Math.log10(Math.clamp(millis, FROM, TO) / FROM) / Math.log10(TO / FROM);
    return Double.parseDouble(String.format(Locale.ROOT, "%.1f", LEFT + share * WIDTH));
  }
}
