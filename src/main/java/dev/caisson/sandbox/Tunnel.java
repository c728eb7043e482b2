package dev.caisson.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A byte stream to something that listens in a sandbox. One thread reads and one writes; closing it
 * from another ends both.
 */
public interface Tunnel extends AutoCloseable {

  /** Returns the stream of what comes out of the sandbox. */
  InputStream input();

  /**
   * Returns the stream of what goes into the sandbox, written at once; closing it is {@link
   * #endOutput}.
   */
  OutputStream output();

  /** Tells the other end that no more comes; what it still has to say can be read. */
  void endOutput() throws IOException;

  /**
   * Returns whether the other end is there and has said nothing that was not read: asked before a
   * tunnel is used once more, while no thread reads from it.
   */
  boolean isQuiet();

  @Override
  void close();
}
