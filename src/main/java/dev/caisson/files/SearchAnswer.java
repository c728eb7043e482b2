package dev.caisson.files;

import dev.caisson.supervisor.wire.Answer;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The files or lines that were found. */
@Schema(name = "FilesFound")
record SearchAnswer(
    @Schema(description = "Files, if the request has no `text`") List<FileAnswer> files,
    @Schema(description = "Lines, if the request has `text`") List<Line> matches,
    @Schema(description = "Whether there are more results than returned") boolean truncated) {

  /** A line in which text was found. */
  @Schema(name = "FileMatch")
  record Line(
      @Schema(example = "/workspace/Main.java") String path,
      @Schema(description = "Line number, from 1", example = "12") long line,
      @Schema(description = "Column of the first matching character, from 1", example = "5")
          int column,
      @Schema(description = "Line, shortened to 1,000 characters around the match") String text) {

    static Line from(Answer.Match match) {
      return new Line(match.path(), match.line(), match.column(), match.text());
    }
  }
}
