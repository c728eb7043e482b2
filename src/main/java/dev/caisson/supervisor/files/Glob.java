package dev.caisson.supervisor.files;

import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.util.Arrays;

/**
 * A pattern of names, as java.nio's: {@code *}, {@code **}, {@code ?}, {@code [a-z]}, {@code [!a]},
 * <code>{a,b}</code>, {@code \} before what is meant as it is. That one itself takes only names in
 * the locale's encoding, and tries every way to share a name among stars.
 *
 * <p>This one goes through a name once, in all places of the pattern at which it may be: what it
 * costs is at most the length of the one times that of the other.
 */
final class Glob {
  /** The longest pattern, in characters. */
  private static final int LONGEST = 1024;

  private final GlobProgram program;
  private final boolean wholePath;

  private Glob(GlobProgram program, boolean wholePath) {
    this.program = program;
    this.wholePath = wholePath;
  }

  static Glob of(String glob) throws RefusedException {
    if (glob.length() > LONGEST) {
      throw new RefusedException(
          RefusalCode.EINVAL, "a pattern of names has at most " + LONGEST + " characters");
    }
    return new Glob(new GlobParser(glob).parse(), glob.contains("/"));
  }

  /**
   * Returns whether the pattern matches a path.
   *
   * @param relative the path below where the search begins
   */
  boolean matches(String relative) {
    String subject = wholePath ? relative : relative.substring(relative.lastIndexOf('/') + 1);
    Places now = new Places(program.length());
    Places next = new Places(program.length());
    reach(now, 0);
    for (int i = 0; i < subject.length() && now.count > 0; ) {
      int character = subject.codePointAt(i);
      i += Character.charCount(character);
      next.clear();
      for (int at = 0; at < now.count; at++) {
        int place = now.list[at];
        if (program.takes(place, character)) {
          reach(next, program.isStar(place) ? place : place + 1);
        }
      }
      Places last = now;
      now = next;
      next = last;
    }
    return now.has(program.length());
  }

  /** Adds a place and all that are reached from it without a character. */
  private void reach(Places places, int from) {
    int done = places.count;
    places.add(from);
    while (done < places.count) {
      int place = places.list[done++];
      if (program.isStar(place)) {
        places.add(place + 1);
      }
      for (int target : program.targets(place)) {
        places.add(target);
      }
    }
  }

  /** Places of a program, each once. */
  private static final class Places {
    private final int[] list;
    private final int[] added;
    private int round = 1;
    private int count;

    /**
     * @param last the greatest of them
     */
    Places(int last) {
      list = new int[last + 1];
      added = new int[last + 1];
    }

    void add(int place) {
      if (added[place] != round) {
        added[place] = round;
        list[count++] = place;
      }
    }

    boolean has(int place) {
      return added[place] == round;
    }

    void clear() {
      count = 0;
      if (++round == 0) {
        Arrays.fill(added, 0);
        round = 1;
      }
    }
  }
}
