package dev.caisson.process;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A message to a client of {@code attach}, sent in a text frame; binary frames are output. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = AttachEvent.Attached.class, name = "attached"),
  @JsonSubTypes.Type(value = AttachEvent.Writer.class, name = "writer"),
  @JsonSubTypes.Type(value = AttachEvent.Taken.class, name = "taken"),
  @JsonSubTypes.Type(value = AttachEvent.Gap.class, name = "gap"),
  @JsonSubTypes.Type(value = AttachEvent.Problem.class, name = "problem"),
  @JsonSubTypes.Type(value = AttachEvent.Exit.class, name = "exit"),
})
sealed interface AttachEvent {

  /** The first event: the state of the process. */
  record Attached(ProcessAnswer process, boolean writer) implements AttachEvent {}

  /** A change in whether this client is the writer. */
  record Writer(boolean writer) implements AttachEvent {}

  /** The number of bytes of input the process has taken since its start. */
  record Taken(long bytes) implements AttachEvent {}

  /** A range of pieces that are no longer kept. */
  record Gap(long from, long to) implements AttachEvent {}

  /** The reason why a frame of the client was of no effect. */
  record Problem(String code, String detail) implements AttachEvent {}

  /** The last event: the process has ended, and all of its output was sent. */
  record Exit(ProcessAnswer process) implements AttachEvent {}
}
