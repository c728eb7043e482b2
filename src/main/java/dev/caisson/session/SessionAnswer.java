package dev.caisson.session;

import dev.caisson.supervisor.wire.FileInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** A session as callers see it. */
@Schema(name = "Session")
record SessionAnswer(
    @Schema(example = "build") String name,
    @Schema(description = "User ID of the session's commands", example = "1000") long uid,
    @Schema(description = "Name of the user `uid`, if the sandbox has one", example = "node")
        @Nullable String user,
    @Schema(
            description = "Time when a command last saved state for the next one",
            example = "2026-11-22T06:17:36.123456Z")
        Instant usedAt) {

  static SessionAnswer from(FileInfo directory) {
    return new SessionAnswer(
        directory.path().substring(directory.path().lastIndexOf('/') + 1),
        directory.uid(),
        directory.owner(),
        Instant.EPOCH.plus(directory.modifiedAt(), ChronoUnit.MICROS));
  }
}
