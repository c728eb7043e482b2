package dev.caisson.files;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The entries of a directory. */
@Schema(name = "FileList")
record FileList(
    @Schema(
            description =
                "Entries: each directory before its own entries, which are sorted by name")
        List<FileAnswer> entries,
    @Schema(description = "Whether there are more entries than requested") boolean truncated) {}
