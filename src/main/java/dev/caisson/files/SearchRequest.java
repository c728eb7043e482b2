package dev.caisson.files;

import dev.caisson.supervisor.wire.FileRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request to search files. */
@Schema(name = "SearchFiles")
record SearchRequest(
    @Schema(description = "Directory or file in which to search", example = "/workspace") @NotNull
        String path,
    @Schema(
            description =
                "Glob for names: *, **, ?, [a-z], {a,b}. With a slash it is matched against the"
                    + " path below `path`, without one against the name.",
            example = "*.java")
        @Size(max = 1024)
        @Nullable String glob,
    @Schema(
            description =
                "Text to find in each line of regular files. Binary files (a zero byte in the first"
                    + " 8 KiB) are left out, and so is what is beyond 256 KiB of a line.",
            example = "TODO")
        @Size(max = 4096)
        @Nullable String text,
    @Schema(description = "Whether `text` is a regular expression", defaultValue = "false")
        @Nullable Boolean regex,
    @Schema(defaultValue = "false") @Nullable Boolean ignoreCase,
    @Schema(
            description =
                "Globs of files and directories to leave out; a directory is left out with"
                    + " everything in it",
            example = "[\"node_modules\", \".git\"]")
        @Size(max = 64)
        @Nullable List<@Size(max = 1024) String> exclude,
    @Schema(description = "Maximum number of results", defaultValue = "1000", example = "1000")
        @Min(1)
        @Max(SearchRequest.MOST)
        @Nullable Integer limit) {
  static final int MOST = 10_000;
  private static final int USUAL = 1000;

  int most() {
    return limit == null ? USUAL : limit;
  }

  /**
   * Converts the request, with one more result than is wanted, which shows whether there are more.
   */
  FileRequest.Search toSearch() {
    return new FileRequest.Search(
        path,
        glob,
        text,
        Boolean.TRUE.equals(regex),
        Boolean.TRUE.equals(ignoreCase),
        exclude == null ? List.of() : exclude,
        most() + 1);
  }
}
