package dev.caisson.sandbox;

import java.util.List;

/** How long a sandbox took to become ready, stage by stage; milliseconds. */
public record Startup(long totalMs, List<Stage> stages, boolean pooled) {
  /** Nothing measured yet. */
  public static final Startup NONE = new Startup(0, List.of(), false);

  /** One step of it. */
  public record Stage(String name, long ms) {}

  public Startup {
    stages = List.copyOf(stages);
  }
}
