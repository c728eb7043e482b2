package dev.caisson.files;

import dev.caisson.supervisor.wire.FileRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** A request to make a directory. */
@Schema(name = "MakeDirectory")
record DirectoryRequest(
    @Schema(example = "/workspace/src") @NotNull String path,
    @Schema(description = "Permission bits, octal", example = "0755", defaultValue = "0755")
        @Nullable String mode,
    @Schema(
            description =
                "Owner, as name, uid, name:group or uid:gid; if absent, the default user of"
                    + " processes",
            example = "1000:1000")
        @Nullable String owner,
    @Schema(
            description =
                "Whether to make missing parent directories, too; an existing directory is then no"
                    + " error",
            defaultValue = "false")
        @Nullable Boolean parents) {

  FileRequest.MakeDirectory toMake() {
    return new FileRequest.MakeDirectory(
        path, FileMode.parse(mode), owner, Boolean.TRUE.equals(parents), 0);
  }
}
