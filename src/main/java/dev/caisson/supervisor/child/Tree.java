package dev.caisson.supervisor.child;

import dev.caisson.supervisor.system.Descendants;
import dev.caisson.supervisor.system.LibC;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The processes that descend from a start, wherever they went: all that carry its mark or are in
 * its session, and their descendants.
 */
public final class Tree {
  private Tree() {}

  /** Returns the living processes of this start. */
  static List<Long> of(long pid, ProcessTag mark) {
    return pids(members(pid, mark));
  }

  /**
   * Returns the living processes of this start outside its own group, which is signalled as one.
   */
  static List<Long> outsideGroup(long pid, ProcessTag mark) {
    List<Descendants.Descendant> members = members(pid, mark);
    members.removeIf(found -> found.group() == pid);
    return pids(members);
  }

  private static List<Descendants.Descendant> members(long pid, ProcessTag mark) {
    return living(found ->
        found.session() == pid || (mark.value() != 0 && ProcessTag.of(found.pid()).equals(mark)));
  }

  /** Returns the living processes of the session that this process began. */
  static List<Long> session(long pid) {
    return Descendants.now().stream()
        .filter(found -> found.session() == pid && !found.zombie())
        .map(Descendants.Descendant::pid)
        .toList();
  }

  /** Returns the living processes of any start, forgotten ones too, and of no unit. */
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

  /** Signals all of these processes; returns whether there was any. */
  public static boolean signal(LibC libc, List<Long> pids, int signal) {
    boolean any = false;
    for (long pid : pids) {
      any |= libc.kill(pid, signal);
    }
    return any;
  }
}
