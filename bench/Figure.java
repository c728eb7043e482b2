import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One line of the results.
 *
 * @param ratio ours to the baseline or the other way, as the aim is said; null where nothing is
 *     compared
 * @param met whether the aim is; null where there is none
 */
record Figure(String name, String ours, String baseline, Double ratio, String aim, Boolean met) {

  private static final int MOST_LISTED = 1000;

  /** Samples of one thing, in milliseconds: an HdrHistogram of microseconds, three digits exact. */
  static final class Samples {
    private final Histogram histogram = new Histogram(3);

    /** Those of a few, in the order in which they were taken. */
    private final List<Double> values = new ArrayList<>();

    synchronized void add(double value) {
      histogram.recordValue(Math.round(value * 1000));
      if (values.size() < MOST_LISTED) {
        values.add(value);
      }
    }

    /** All of another's. */
    synchronized void add(Samples others) {
      histogram.add(others.histogram);
      others.values.stream().limit(MOST_LISTED - values.size()).forEach(values::add);
    }

    long size() {
      return histogram.getTotalCount();
    }

    /** The value that this share of all does not exceed. */
    double percentile(double share) {
      return histogram.getValueAtPercentile(share * 100) / 1000.0;
    }

    double p50() {
      return percentile(0.5);
    }

    String said() {
      return String.format(
          Locale.ROOT,
          "p50 %s, p99 %s ms (n=%d)",
          millis(p50()),
          millis(percentile(0.99)),
          size());
    }

    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("n", size());
      json.put("min", rounded(percentile(0)));
      for (double share : new double[] {0.5, 0.9, 0.95, 0.99, 0.999, 1}) {
        json.put(share == 1 ? "max" : "p" + number(share * 100), rounded(percentile(share)));
      }
      json.put("samples", values.stream().map(Samples::rounded).toList());
      return json;
    }

    private static double rounded(double value) {
      return Math.round(value * 1000) / 1000.0;
    }

    static String millis(double value) {
      return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }
  }

  /** Ours must be at least this many times faster. */
  static Figure faster(String name, Samples ours, Samples baseline, double least) {
    return faster(name, ours, 0.5, baseline, least);
  }

  /** This percentile of ours must be at least this many times faster than the baseline's median. */
  static Figure faster(String name, Samples ours, double share, Samples baseline, double least) {
    double ratio = baseline.p50() / ours.percentile(share);
    return new Figure(
        name,
        ours.said(),
        baseline.said(),
        ratio,
        "≥ " + number(least) + " × faster",
        ratio >= least);
  }

  /** Ours may take at most this many times as long. */
  static Figure within(String name, Samples ours, Samples baseline, double most) {
    double ratio = ours.p50() / baseline.p50();
    return new Figure(
        name, ours.said(), baseline.said(), ratio, "≤ " + number(most) + " ×", ratio <= most);
  }

  /** At most so many MB. */
  static Figure megabytes(String name, double ours, String baseline, double most) {
    return new Figure(
        name,
        String.format(Locale.ROOT, "%.1f MB", ours),
        baseline,
        null,
        "≤ " + number(most) + " MB",
        ours <= most);
  }

  /** For comparison, without an aim. */
  static Figure shown(String name, String ours, String baseline) {
    return new Figure(name, ours, baseline, null, null, null);
  }

  String row() {
    return "| "
        + String.join(
            " | ",
            Arrays.asList(
                name,
                ours,
                baseline,
                ratio == null ? "" : number(Math.round(ratio * 100) / 100.0),
                aim == null ? "" : aim,
                met == null ? "" : met ? "yes" : "**no**"))
        + " |";
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("figure", name);
    json.put("ours", ours);
    json.put("baseline", baseline);
    json.put("ratio", ratio);
    json.put("aim", aim);
    json.put("met", met);
    return json;
  }

  static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
