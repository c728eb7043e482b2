package dev.caisson.supervisor.child;

import dev.caisson.supervisor.system.Descendants;
import dev.caisson.supervisor.system.LibC;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds what has come of a start, wherever it went: all that carries its mark or is in its session,
 * and whatever descends from these.
 */
public final class Tree {
  private Tree() {}

  /** What lives of the start of this process. */
  static List<Long> of(long pid, ProcessTag mark) {
    return pids(members(pid, mark));
  }

  /** The same without its own group, which is signalled as one. */
  static List<Long> outsideGroup(long pid, ProcessTag mark) {
    List<Descendants.Descendant> members = members(pid, mark);
    members.removeIf(found -> found.group() == pid);
    return pids(members);
  }

  private static List<Descendants.Descendant> members(long pid, ProcessTag mark) {
    return living(found ->
        found.session() == pid || (mark.value() != 0 && ProcessTag.of(found.pid()).equals(mark)));
  }

  /** What lives in the session that this process began. */
  static List<Long> session(long pid) {
    return Descendants.now().stream()
        .filter(found -> found.session() == pid && !found.zombie())
        .map(Descendants.Descendant::pid)
        .toList();
  }

  /** What lives of any process, those that are forgotten too, and of no unit. */
  public static List<Long> ofProcesses(Set<Long> pids) {
    return pids(
        living(found -> pids.contains(found.session()) || ProcessTag.of(found.pid()).process()));
  }

  private static List<Long> pids(List<Descendants.Descendant> found) {
    return found.stream().map(Descendants.Descendant::pid).toList();
  }

  private static List<Descendants.Descendant> living(Predicate<Descendants.Descendant> wanted) {
    Set<Long> members = new HashSet<>();
    List<Descendants.Descendant> living = new ArrayList<>();
    // Parents come before their children.
    for (Descendants.Descendant found : Descendants.now()) {
      if (members.contains(found.parent()) || wanted.test(found)) {
        members.add(found.pid());
        if (!found.zombie()) {
          living.add(found);
        }
      }
    }
    return living;
  }

  /** Signals all of them; whether there was anybody. */
  public static boolean signal(LibC libc, List<Long> pids, int signal) {
    boolean any = false;
    for (long pid : pids) {
      any |= libc.kill(pid, signal);
    }
    return any;
  }
}
