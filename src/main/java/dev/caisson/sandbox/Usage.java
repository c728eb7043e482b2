package dev.caisson.sandbox;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The use that a sandbox makes of resources at one moment, with all that runs in it.
 *
 * @param memoryBytes without the cache of files that can be dropped
 * @param diskBytes as last measured, which is not with each sample; null before
 */
@Schema(name = "Usage")
public record Usage(
    Instant at,
    @Schema(
            example = "12.5",
            description =
                "Percent of one processor since the previous sample; 200 are two processors")
        double cpuPercent,
    @Schema(description = "Memory in bytes, without the cache of files that can be dropped")
        long memoryBytes,
    @Schema(description = "Number of processes and threads") long tasks,
    @Schema(description = "Bytes received since the start; 0 without a network")
        long networkReceivedBytes,
    @Schema(description = "Bytes sent since the start; 0 without a network") long networkSentBytes,
    @Schema(
            description =
                "Bytes of everything that the sandbox keeps, as last measured: within a minute, or"
                    + " seconds when it nears its resources.disk; null before the first"
                    + " measurement")
        @Nullable Long diskBytes) {

  /** Returns a copy with what the sandbox keeps on the disk. */
  public Usage keeping(@Nullable Long bytes) {
    return new Usage(
        at, cpuPercent, memoryBytes, tasks, networkReceivedBytes, networkSentBytes, bytes);
  }

  /**
   * A sequence of samples, about one a second, read by one thread; closing it from another ends the
   * wait.
   */
  public interface Readings extends AutoCloseable {

    /**
     * Waits for the next sample; null when there will be no more.
     *
     * @throws EngineException if the engine is lost meanwhile
     */
    @Nullable Usage next();

    @Override
    void close();
  }
}
