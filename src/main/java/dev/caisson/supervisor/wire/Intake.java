package dev.caisson.supervisor.wire;

import java.io.IOException;

/**
 * A limit on the bytes accepted from a peer in a sandbox at once, on all of its connections
 * together.
 */
public interface Intake {

  /**
   * Makes room for a frame, before anything is allocated for it; may wait for others to be read.
   *
   * @param bytes of the frame
   * @throws IOException if the connection is of no use any more
   */
  void begin(int bytes) throws IOException;

  /** Gives back the room of a frame that was read, or broke; called once for each that began. */
  void end(int bytes);
}
