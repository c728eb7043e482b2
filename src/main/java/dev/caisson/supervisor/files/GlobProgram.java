package dev.caisson.supervisor.files;

import java.util.ArrayList;
import java.util.List;

/** The steps of a pattern of names, one for each of its places: what it takes there. */
final class GlobProgram {
  private static final int[] NOWHERE = {};

  private final List<Step> steps = new ArrayList<>();

  /** The step at a place. */
  private sealed interface Step {}

  /** A step that takes this character. */
  private record Literal(int character) implements Step {}

  /**
   * A step that takes one character of a name, never a slash: from and to by turns, or all but
   * those.
   */
  private record OneOf(int[] ranges, boolean negated) implements Step {
    boolean takes(int character) {
      boolean within = false;
      for (int i = 0; i < ranges.length; i += 2) {
        within |= character >= ranges[i] && character <= ranges[i + 1];
      }
      return character != '/' && within != negated;
    }
  }

  /** A step that takes as many characters as come, slashes too where it is deep. */
  private record Star(boolean deep) implements Step {}

  /** A step that takes nothing, and goes on at these. */
  private record Fork(int[] targets) implements Step {}

  /** Returns the place of the next step; after the last one, the end of the pattern. */
  int length() {
    return steps.size();
  }

  void literal(int character) {
    steps.add(new Literal(character));
  }

  void any() {
    steps.add(new OneOf(new int[0], true));
  }

  void oneOf(int[] ranges, boolean negated) {
    steps.add(new OneOf(ranges, negated));
  }

  void star(boolean deep) {
    steps.add(new Star(deep));
  }

  /** Adds a fork, and returns its place. */
  int fork() {
    steps.add(new Fork(NOWHERE));
    return steps.size() - 1;
  }

  /** Sets the places to which a fork leads. */
  void lead(int fork, int... targets) {
    steps.set(fork, new Fork(targets));
  }

  boolean isStar(int place) {
    return place < steps.size() && steps.get(place) instanceof Star;
  }

  int[] targets(int place) {
    return place < steps.size() && steps.get(place) instanceof Fork fork ? fork.targets() : NOWHERE;
  }

  boolean takes(int place, int character) {
    if (place == steps.size()) {
      return false;
    }
    Step step = steps.get(place);
    if (step instanceof Literal literal) {
      return literal.character() == character;
    }
    if (step instanceof OneOf one) {
      return one.takes(character);
    }
    return step instanceof Star star && (star.deep() || character != '/');
  }
}
