package dev.caisson.cli;

/** The terminal that the program was started at, if it was. */
interface Terminal {

  /** How many characters it shows. */
  record Size(int rows, int cols) {}

  /**
   * Keys come as they are pressed, and nothing is shown that was not written, until it is closed.
   */
  interface Raw extends AutoCloseable {
    @Override
    void close();
  }

  /** Whether what is read comes from it. */
  boolean input();

  /** Whether what is written is shown on it. */
  boolean output();

  /** Its size; 24 by 80 where it does not say. */
  Size size();

  /** Hands every key to the program, Ctrl-C too; it is as before after that, however it ends. */
  Raw raw();

  /** Does this each time that the program is sent this signal; WINCH says that the size changed. */
  void on(String signal, Runnable action);
}
