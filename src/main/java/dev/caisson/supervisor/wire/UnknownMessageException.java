package dev.caisson.supervisor.wire;

import java.io.IOException;

/** The peer said something this version does not know; the connection is still good. */
public final class UnknownMessageException extends IOException {
  UnknownMessageException(int kind) {
    super("unknown message kind " + kind);
  }

  UnknownMessageException(Class<?> constants) {
    super("unknown constant of " + constants.getSimpleName());
  }
}
