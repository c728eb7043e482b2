package dev.caisson.files;

import io.swagger.v3.oas.annotations.media.Schema;

/** The numbers of entries and bytes that were unpacked. */
@Schema(name = "Unpacked")
record ArchiveAnswer(
    @Schema(description = "Number of regular files", example = "12") long files,
    @Schema(example = "3") long directories,
    @Schema(description = "Number of symbolic and hard links", example = "1") long links,
    @Schema(
            description = "Number of devices and other entries that cannot be made in a sandbox",
            example = "0")
        long skipped,
    @Schema(description = "Bytes of file content", example = "123456") long bytes) {}
