package dev.caisson.process;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a client of {@code attach} is told in a text frame; binary ones are output. */
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

  /** The first: how the process stands. */
  record Attached(ProcessAnswer process, boolean writer) implements AttachEvent {}

  /** Whether this client is the writer has changed. */
  record Writer(boolean writer) implements AttachEvent {}

  /** The process has taken input: so many bytes since its start. */
  record Taken(long bytes) implements AttachEvent {}

  /** These pieces are no longer kept. */
  record Gap(long from, long to) implements AttachEvent {}

  /** A frame of the client was of no effect. */
  record Problem(String code, String detail) implements AttachEvent {}

  /** The last: it has ended, and all of its output was sent. */
  record Exit(ProcessAnswer process) implements AttachEvent {}
}
