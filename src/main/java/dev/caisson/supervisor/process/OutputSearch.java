package dev.caisson.supervisor.process;

import dev.caisson.supervisor.journal.JournalFormat;
import dev.caisson.supervisor.journal.JournalReader;
import dev.caisson.supervisor.system.Deadline;
import dev.caisson.supervisor.system.Yield;
import dev.caisson.supervisor.wire.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A search for an expression in both streams of a process's output, as it comes and once. It sees
 * each piece (64 KiB at most) behind the last 4 KiB of what came before it, from the beginning of a
 * line there: a match that is longer than these is not found.
 */
final class OutputSearch {
  private static final int CARRY = 4 << 10;

  /**
   * The most characters that a look at one piece may read, again and again included. An expression
   * such as {@code (a*)(a*)(a*)(a*)(a*)b} would go on for years.
   */
  private static final long STEPS = 20_000_000;

  private final Pattern pattern;
  private final Yield turn = new Yield();
  private byte[][] carried = {{}, {}};

  OutputSearch(Pattern pattern) {
    this.pattern = pattern;
  }

  static Pattern pattern(String expression) {
    return Pattern.compile(expression, Pattern.MULTILINE);
  }

  /**
   * Waits until the expression is found; false if the time is over or the process has ended before.
   */
  boolean found(RunningProcess live, Deadline deadline) throws IOException, InterruptedException {
    try (JournalReader reader = JournalReader.after(live.directory(), 0)) {
      while (true) {
        boolean ended = live.ended();
        long seen = live.lastSeq();
        for (Answer.Simple next = reader.next(); next != null; next = reader.next()) {
          if (next instanceof Answer.Output piece && matches(piece)) {
            return true;
          }
          if (deadline.left() == 0) {
            return false;
          }
          turn.give();
        }
        if (ended || deadline.left() == 0) {
          return false;
        }
        live.child().journal().awaitAfter(seen, deadline);
      }
    }
  }

  private boolean matches(Answer.Output piece) {
    int stream = JournalFormat.number(piece.stream());
    byte[] before = carried[stream];
    byte[] all = Arrays.copyOf(before, before.length + piece.bytes().length);
    System.arraycopy(piece.bytes(), 0, all, before.length, piece.bytes().length);
    carried[stream] = Arrays.copyOfRange(all, cut(all), all.length);
    Counted text = new Counted(new String(all, StandardCharsets.UTF_8));
    try {
      return pattern.matcher(text).find();
    } catch (StackOverflowError e) {
      throw new IllegalStateException("the expression is too complex for the output", e);
    }
  }

  /**
   * Returns where the part that is carried on begins: at a line if one begins there, else at a
   * character.
   */
  private static int cut(byte[] bytes) {
    int from = Math.max(0, bytes.length - CARRY);
    if (from == 0) {
      return 0;
    }
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i - 1] == '\n') {
        return i;
      }
    }
    while (from < bytes.length && (bytes[from] & 0xC0) == 0x80) {
      from++;
    }
    return from;
  }

  /** A text that can be read so many times and no more. */
  private static final class Counted implements CharSequence {
    private final String text;
    private long steps;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps > STEPS) {
        throw new IllegalStateException("the expression takes too long on the output");
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
