package dev.caisson.process;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A client's request to {@code attach}, sent in a text frame; binary frames are input. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = AttachCommand.Resize.class, name = "resize"),
  @JsonSubTypes.Type(value = AttachCommand.Signal.class, name = "signal"),
  @JsonSubTypes.Type(value = AttachCommand.CloseStdin.class, name = "close-stdin"),
  @JsonSubTypes.Type(value = AttachCommand.TakeOver.class, name = "take-over"),
})
sealed interface AttachCommand {

  /** A new size for the terminal; from the writer alone. */
  record Resize(int rows, int cols) implements AttachCommand {}

  /** A signal to the process's whole group; from the writer alone. */
  record Signal(String signal) implements AttachCommand {}

  /** The end of the process's input; from the writer alone. */
  record CloseStdin() implements AttachCommand {}

  /** A request to become the writer in place of the present one. */
  record TakeOver() implements AttachCommand {}
}
