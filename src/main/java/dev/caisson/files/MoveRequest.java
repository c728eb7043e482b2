package dev.caisson.files;

import dev.caisson.supervisor.wire.FileRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** A request to give a file another name. */
@Schema(name = "MoveFile")
record MoveRequest(
    @Schema(example = "/workspace/old") @NotNull String from,
    @Schema(
            description = "New path itself, not the directory to move to",
            example = "/workspace/new")
        @NotNull
        String to,
    @Schema(
            description = "Whether to replace an existing file of that name",
            defaultValue = "false")
        @Nullable Boolean overwrite) {

  FileRequest.MoveFile toMove() {
    return new FileRequest.MoveFile(from, to, Boolean.TRUE.equals(overwrite));
  }
}
