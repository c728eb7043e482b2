package dev.caisson.files;

import dev.caisson.supervisor.wire.FileRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** A request to change attributes of a file; those absent stay as they are. */
@Schema(name = "FileAttributes")
record AttributesRequest(
    @Schema(example = "/workspace/run.sh") @NotNull String path,
    @Schema(description = "Permission bits, octal", example = "0755") @Nullable String mode,
    @Schema(description = "Owner, as name, uid, name:group or uid:gid", example = "1000:1000")
        @Nullable String owner) {

  FileRequest.ChangeFile toChange() {
    return new FileRequest.ChangeFile(path, FileMode.parse(mode), owner, 0);
  }
}
