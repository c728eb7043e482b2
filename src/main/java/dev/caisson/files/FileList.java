package dev.caisson.files;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The entries of a directory. */
@Schema(name = "FileList")
record FileList(
    @Schema(description = "Each directory before what is in it, siblings by name.")
        List<FileAnswer> entries,
    @Schema(description = "Whether there are more than were asked for.") boolean truncated) {}
