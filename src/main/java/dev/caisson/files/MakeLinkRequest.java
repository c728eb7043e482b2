package dev.caisson.files;

import dev.caisson.supervisor.wire.FileRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** A request to make a link. */
@Schema(name = "MakeLink")
record MakeLinkRequest(
    @Schema(example = "/workspace/current") @NotNull String path,
    @Schema(
            description =
                "Content of a symbolic link; for a hard link, the path of the existing file",
            example = "releases/42")
        @NotNull
        String target,
    @Schema(defaultValue = "false") @Nullable Boolean hard,
    @Schema(
            description =
                "Owner, as name, uid, name:group or uid:gid; if absent, the default user of"
                    + " processes. A hard link has the owner of its file, which changes if an owner"
                    + " is given.")
        @Nullable String owner) {

  FileRequest.MakeLink toMake() {
    return new FileRequest.MakeLink(path, target, Boolean.TRUE.equals(hard), owner);
  }
}
