package dev.caisson.cli.terminal;

/** The terminal that the program was started at, if it was started at one. */
public interface Terminal {

  /** The size of the terminal, in characters. */
  record Size(int rows, int cols) {}

  /**
   * The raw mode: keys come as they are pressed, and only what is written is shown, until it is
   * closed.
   */
  interface Raw extends AutoCloseable {
    @Override
    void close();
  }

  /** Returns whether the input is read from the terminal. */
  boolean input();

  /** Returns whether the output is shown on the terminal. */
  boolean output();

  /** Returns the size of the terminal; 24 by 80 where it reports none. */
  Size size();

  /**
   * Hands every key to the program, Ctrl-C too; the terminal is as before after that, however the
   * mode ends.
   */
  Raw raw();

  /**
   * Runs an action each time that the program is sent this signal; WINCH means that the size
   * changed.
   */
  void on(String signal, Runnable action);
}
