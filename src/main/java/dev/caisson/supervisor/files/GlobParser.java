package dev.caisson.supervisor.files;

import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The parser of a pattern of names. */
final class GlobParser {
  private final String text;
  private final int[] glob;
  private final GlobProgram program = new GlobProgram();
  private final Deque<Group> groups = new ArrayDeque<>();
  private int at;

  /** A choice that is not closed yet. */
  private static final class Group {
    private final int fork;
    private final List<Integer> choices = new ArrayList<>();

    /** The forks at the end of each choice but the last. */
    private final List<Integer> ends = new ArrayList<>();

    Group(int fork) {
      this.fork = fork;
      choices.add(fork + 1);
    }
  }

  GlobParser(String text) {
    this.text = text;
    this.glob = text.codePoints().toArray();
  }

  GlobProgram parse() throws RefusedException {
    while (at < glob.length) {
      one(glob[at++]);
    }
    if (!groups.isEmpty()) {
      throw wrong();
    }
    return program;
  }

  private void one(int character) throws RefusedException {
    switch (character) {
      case '\\' -> program.literal(next());
      case '?' -> program.any();
      case '*' -> star();
      case '[' -> bracket();
      case '{' -> groups.push(new Group(program.fork()));
      case '}' -> close();
      case ',' -> comma();
      default -> program.literal(character);
    }
  }

  private int next() throws RefusedException {
    if (at == glob.length) {
      throw wrong();
    }
    return glob[at++];
  }

  private void star() {
    boolean deep = at < glob.length && glob[at] == '*';
    at += deep ? 1 : 0;
    program.star(deep);
  }

  private void comma() {
    Group group = groups.peek();
    if (group == null) {
      program.literal(',');
    } else {
      group.ends.add(program.fork());
      group.choices.add(program.length());
    }
  }

  private void close() throws RefusedException {
    Group group = groups.poll();
    if (group == null) {
      throw wrong();
    }
    int[] choices = new int[group.choices.size()];
    for (int i = 0; i < choices.length; i++) {
      choices[i] = group.choices.get(i);
    }
    program.lead(group.fork, choices);
    for (int end : group.ends) {
      program.lead(end, program.length());
    }
  }

  private void bracket() throws RefusedException {
    boolean negated = at < glob.length && glob[at] == '!';
    at += negated ? 1 : 0;
    int first = at;
    // A bracket that comes first is meant as it is.
    int end = first + 1;
    while (end < glob.length && glob[end] != ']') {
      end++;
    }
    if (end >= glob.length) {
      throw wrong();
    }
    List<Integer> ranges = new ArrayList<>();
    while (at < end) {
      int from = glob[at++];
      int to = from;
      if (at + 1 < end && glob[at] == '-') {
        to = glob[at + 1];
        at += 2;
      }
      if (to < from) {
        throw wrong();
      }
      ranges.add(from);
      ranges.add(to);
    }
    at = end + 1;
    int[] plain = new int[ranges.size()];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = ranges.get(i);
    }
    program.oneOf(plain, negated);
  }

  private RefusedException wrong() {
    return new RefusedException(
        RefusalCode.EINVAL, "\"" + text + "\" is not a valid pattern of names");
  }
}
