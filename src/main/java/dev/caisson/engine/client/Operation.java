package dev.caisson.engine.client;

import java.util.Locale;

/** An operation that the engine is asked for: a tag for the meters, and words for people. */
public enum Operation {
  PING("answer a ping"),
  VERSION("say its version"),
  INFO("describe itself"),
  INSPECT_IMAGE("look at the image"),
  PULL("pull the image"),
  EXAMINE("let its host be examined"),
  NETWORK("make the network"),
  KIT("put the kit in place"),
  CREATE("create the container"),
  START("start the container"),
  LIMIT("limit the container"),
  STOP("stop the container"),
  REMOVE("remove the container"),
  LIST("list the containers"),
  INSPECT("look at the container"),
  READ("read from the container"),
  STATE("give the sandbox's state"),
  LOG("show the container's log"),
  DISK_USE("measure what sandboxes keep"),
  USAGE("measure the container"),
  WATCH("tell its events");

  private final String words;

  Operation(String words) {
    this.words = words;
  }

  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the words as in "the engine refused to …". */
  @Override
  public String toString() {
    return words;
  }
}
