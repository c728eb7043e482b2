package dev.caisson.files;

import dev.caisson.supervisor.wire.FileRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** A request to make a link. */
@Schema(name = "MakeLink")
record LinkRequest(
    @Schema(example = "/workspace/current") @NotNull String path,
    @Schema(
            description =
                "What is written in a symbolic link; the path of the other name of a hard one.",
            example = "releases/42")
        @NotNull
        String target,
    @Schema(defaultValue = "false") @Nullable Boolean hard,
    @Schema(
            description =
                "name, uid, name:group or uid:gid; else the user that processes get by default. A"
                    + " hard one has its file's owner, and changes it where one is said.")
        @Nullable String owner) {

  FileRequest.MakeLink toMake() {
    return new FileRequest.MakeLink(path, target, Boolean.TRUE.equals(hard), owner);
  }
}
