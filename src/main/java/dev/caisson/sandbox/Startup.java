package dev.caisson.sandbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The time that a sandbox took to become ready, stage by stage; milliseconds.
 *
 * @param pooled whether it had been brought up before it was asked for
 * @param miss why it had not, where a pool might have had it; null otherwise
 */
public record Startup(long totalMs, List<Stage> stages, boolean pooled, @Nullable String miss) {
  /** The startup of a sandbox of which nothing is measured yet. */
  public static final Startup NONE = new Startup(0, List.of(), false, null);

  /** A stage of a start, and its time. */
  public record Stage(String name, long ms) {}

  public Startup {
    stages = List.copyOf(stages);
  }
}
