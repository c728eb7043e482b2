package dev.caisson.files;

import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.PathText;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** A file as callers see it. */
@Schema(name = "FileEntry")
record FileAnswer(
    @Schema(
            description = "Absolute path; bytes that are not UTF-8 appear as U+FFFD",
            example = "/workspace/notes.txt")
        String path,
    @Schema(description = "File type; for a link, that of the link itself", example = "FILE")
        FileInfo.Type type,
    @Schema(description = "Size in bytes", example = "1234") long size,
    @Schema(description = "Permission bits, octal", example = "0644") String mode,
    @Schema(example = "1000") long uid,
    @Schema(example = "1000") long gid,
    @Schema(description = "Name of the user `uid`, if the sandbox has one", example = "node")
        @Nullable String owner,
    @Schema(description = "Name of the group `gid`, if the sandbox has one", example = "node")
        @Nullable String group,
    @Schema(example = "2026-11-22T06:17:36.123456Z") Instant modifiedAt,
    @Schema(description = "Target of a link, as written in the link") @Nullable String target,
    @Schema(
            description =
                "Whether a regular file takes at least 64 KiB less on the disk than its size: it"
                    + " has holes, or the file system compresses it",
            example = "false")
        boolean sparse) {

  static FileAnswer from(FileInfo file) {
    return new FileAnswer(
        PathText.shown(file.path()),
        file.type(),
        file.size(),
        FileMode.text(file.mode()),
        file.uid(),
        file.gid(),
        file.owner(),
        file.group(),
        Instant.EPOCH.plus(file.modifiedAt(), ChronoUnit.MICROS),
        file.target() == null ? null : PathText.shown(file.target()),
        file.sparse());
  }

  /**
   * Returns the ETag, a weak one: a file can change twice within a microsecond, and keep its size.
   */
  static String tag(FileInfo file) {
    return "W/\""
        + Long.toHexString(file.size())
        + "-"
        + Long.toHexString(file.modifiedAt())
        + "\"";
  }
}
