package dev.caisson.host;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A way to hold sandboxes apart, and whether this host has it.
 *
 * @param allowed whether the operator lets callers ask for it
 * @param docker whether a sandbox of this mode can have a Docker daemon
 * @param boundary whether it holds against a hostile root in the sandbox
 */
@Schema(name = "IsolationMode")
public record Mode(
    @Schema(example = "userns") String name,
    boolean available,
    boolean allowed,
    boolean docker,
    boolean boundary,
    String reason,
    @Schema(description = "Way to make the mode available; null if there is nothing to do")
        @Nullable String remedy) {

  Mode unavailable(String why, String todo) {
    return new Mode(name, false, allowed, false, boundary, why, todo);
  }

  Mode withDocker(boolean possible, String why, @Nullable String todo) {
    return new Mode(name, available, allowed, possible, boundary, why, todo);
  }
}
