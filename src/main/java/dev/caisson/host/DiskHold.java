package dev.caisson.host;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The way in which what a sandbox keeps on the disk is held to its {@code resources.disk}. */
@Schema(name = "DiskHold")
public record DiskHold(
    @Schema(description = "Enforcement of the limit on everything that a sandbox keeps")
        Held enforced,
    @Schema(description = "Enforcement for the Docker daemon's data, if resources.disk is given")
        Held docker,
    @Schema(description = "Limit of a sandbox that requests none, in bytes; null: no limit")
        @Nullable Long defaultLimit,
    String reason,
    @Nullable String remedy) {

  /** The strength of the hold. */
  @Schema(name = "Held")
  public enum Held {
    /** A file system of its own: a write beyond it fails. */
    DEVICE,
    /**
     * A count of its directories as soon as it may be over: the sandbox is ended within seconds.
     */
    WATCHED,
    /** A count by the engine, now and then: the sandbox is ended within minutes. */
    COUNTED
  }
}
