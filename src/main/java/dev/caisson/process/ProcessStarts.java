package dev.caisson.process;

import dev.caisson.sandbox.SandboxId;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/** The HTTP answers of all operations that start a process. */
public final class ProcessStarts {
  private ProcessStarts() {}

  /**
   * Returns 201 with the place of a process that runs in the background, else 200.
   *
   * @param background as the request has it; null for no
   */
  public static ResponseEntity<ProcessAnswer> answer(
      SandboxId id, @Nullable Boolean background, ProcessAnswer process) {
    if (!Boolean.TRUE.equals(background)) {
      return ResponseEntity.ok(process);
    }
    URI location = URI.create("/v1/sandboxes/" + id + "/processes/" + process.pid());
    return ResponseEntity.created(location).body(process);
  }
}
