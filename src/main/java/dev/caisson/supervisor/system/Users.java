package dev.caisson.supervisor.system;

import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The users of the image, by its own lists; names mean what they mean to {@code docker exec}. */
public final class Users {
  /**
   * The longest part of a list that is read, in bytes: no image needs more, and a process could
   * have written it.
   */
  private static final int LONGEST = 1 << 20;

  private static final long HIGHEST = 0xFFFF_FFFEL;

  /** The most users whose identity is kept. */
  private static final int KNOWN = 16;

  private final Path passwd;
  private final Path group;
  private final Map<String, Identity> known = new HashMap<>();
  private List<Object> knownBy = List.of();

  public Users(Path passwd, Path group) {
    this.passwd = passwd;
    this.group = group;
  }

  /** Resolves {@code name}, {@code uid}, {@code uid:gid} or {@code name:group}; null is root. */
  public Identity resolve(@Nullable String user) throws RefusedException {
    String wanted = user == null || user.isEmpty() ? "0" : user;
    List<Object> now = List.of(stamp(passwd), stamp(group));
    synchronized (known) {
      if (!knownBy.equals(now) || known.size() > KNOWN) {
        known.clear();
        knownBy = now;
      }
      Identity identity = known.get(wanted);
      if (identity != null) {
        return identity;
      }
    }
    Identity found = look(wanted);
    synchronized (known) {
      // What has changed meanwhile was perhaps read in part.
      if (knownBy.equals(now) && now.equals(List.of(stamp(passwd), stamp(group)))) {
        known.put(wanted, found);
      }
    }
    return found;
  }

  /** Returns what shows that a list has not changed: most starts then need not read it. */
  private static Object stamp(Path list) {
    try {
      BasicFileAttributes now = Files.readAttributes(list, BasicFileAttributes.class);
      return List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
    } catch (IOException none) {
      return list;
    }
  }

  private Identity look(String wanted) throws RefusedException {
    int colon = wanted.indexOf(':');
    String name = colon < 0 ? wanted : wanted.substring(0, colon);
    String groupName = colon < 0 ? "" : wanted.substring(colon + 1);

    Long number = number(name);
    List<String> entry =
        find(
            passwd,
            7,
            line -> number == null ? line.get(0).equals(name) : same(line.get(2), number));
    if (entry == null && number == null) {
      throw new RefusedException(
          RefusalCode.NO_SUCH_USER, "there is no user " + name + " in this sandbox");
    }
    Long uid = entry == null ? number : number(entry.get(2));
    if (uid == null) {
      throw new RefusedException(
          RefusalCode.NO_SUCH_USER, "the user " + name + " has no valid number");
    }
    String home = entry == null || entry.get(5).isEmpty() ? "/" : entry.get(5);
    if (!groupName.isEmpty()) {
      return new Identity(uid, group(groupName), List.of(), home);
    }
    Long own = entry == null ? null : number(entry.get(3));
    long gid = own == null ? 0 : own;
    List<Long> groups = entry == null || uid == 0 ? List.of() : memberships(entry.get(0), gid);
    return new Identity(uid, gid, groups, home);
  }

  private long group(String name) throws RefusedException {
    Long number = number(name);
    if (number != null) {
      return number;
    }
    Long gid = groupNumber(name);
    if (gid == null) {
      throw new RefusedException(
          RefusalCode.NO_SUCH_USER, "there is no group " + name + " in this sandbox");
    }
    return gid;
  }

  /** Returns the number of the user of this name, null if there is none. */
  @Nullable
  public Long userNumber(String name) {
    return numberOf(find(passwd, 7, line -> line.get(0).equals(name)));
  }

  /** Returns the number of the group of this name, null if there is none. */
  @Nullable
  public Long groupNumber(String name) {
    return numberOf(find(group, 4, line -> line.get(0).equals(name)));
  }

  private static @Nullable Long numberOf(@Nullable List<String> entry) {
    return entry == null ? null : number(entry.get(2));
  }

  private List<Long> memberships(String user, long gid) {
    List<Long> groups = new ArrayList<>();
    for (List<String> line : lines(group, 4)) {
      Long number = number(line.get(2));
      if (number != null && number != gid && List.of(line.get(3).split(",")).contains(user)) {
        groups.add(number);
      }
    }
    return groups;
  }

  /** Returns the users' names by number; of several the first. */
  public Map<Long, String> userNames() {
    return names(passwd, 7);
  }

  /** Returns the groups' names by number. */
  public Map<Long, String> groupNames() {
    return names(group, 4);
  }

  private static Map<Long, String> names(Path list, int fields) {
    Map<Long, String> names = new HashMap<>();
    for (List<String> line : lines(list, fields)) {
      Long number = number(line.get(2));
      if (number != null) {
        names.putIfAbsent(number, line.get(0));
      }
    }
    return names;
  }

  private static boolean same(String field, long number) {
    Long found = number(field);
    return found != null && found == number;
  }

  private static @Nullable Long number(String text) {
    if (!text.matches("[0-9]{1,10}")) {
      return null;
    }
    long number = Long.parseLong(text);
    return number > HIGHEST ? null : number;
  }

  private static @Nullable List<String> find(
      Path list, int fields, Predicate<List<String>> wanted) {
    for (List<String> line : lines(list, fields)) {
      if (wanted.test(line)) {
        return line;
      }
    }
    return null;
  }

  private static List<List<String>> lines(Path list, int fields) {
    List<List<String>> lines = new ArrayList<>();
    if (!Files.isRegularFile(list)) {
      return lines;
    }
    try (InputStream in = Files.newInputStream(list)) {
      String text = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
      for (String line : text.split("\n", -1)) {
        List<String> parts = List.of(line.split(":", -1));
        if (parts.size() >= fields) {
          lines.add(parts);
        }
      }
    } catch (IOException e) {
      Log.warn("cannot read the list of users", "file", list, "error", e);
    }
    return lines;
  }
}
