package dev.caisson.files;

import io.swagger.v3.oas.annotations.media.Schema;

/** The numbers of entries and bytes that were unpacked. */
@Schema(name = "Unpacked")
record ArchiveAnswer(
    @Schema(description = "Plain files.", example = "12") long files,
    @Schema(example = "3") long directories,
    @Schema(description = "Symbolic and hard ones.", example = "1") long links,
    @Schema(description = "Devices, and what else cannot be made in a sandbox.", example = "0")
        long skipped,
    @Schema(description = "Of content.", example = "123456") long bytes) {}
