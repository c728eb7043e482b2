package dev.caisson.files;

import dev.caisson.supervisor.wire.Answer;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The files or lines that were found. */
@Schema(name = "FilesFound")
record SearchAnswer(
    @Schema(description = "Where no text was asked for: the files.") List<FileAnswer> files,
    @Schema(description = "Where text was asked for: the lines.") List<Line> matches,
    @Schema(description = "Whether there is more than was asked for.") boolean truncated) {

  /** A line in which text was found. */
  @Schema(name = "FileMatch")
  record Line(
      @Schema(example = "/workspace/Main.java") String path,
      @Schema(description = "From 1.", example = "12") long line,
      @Schema(description = "Of the first character that matches, from 1.", example = "5")
          int column,
      @Schema(description = "The line, shortened to 1,000 characters around the match.")
          String text) {

    static Line from(Answer.Match match) {
      return new Line(match.path(), match.line(), match.column(), match.text());
    }
  }
}
