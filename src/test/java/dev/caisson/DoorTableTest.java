package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.ApplicationModule;

/** The two tables of docs/architecture.md: which rooms there are, and what each may name. */
class DoorTableTest {
  private static final String ROOT = "dev.caisson.";
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private static final JavaClasses CLASSES = ProductClasses.all();

  @Test
  void saysWhatEachRoomMayName() throws Exception {
    Map<String, Set<String>> written = table("| room | what it is for | may name |");
    Map<String, Set<String>> built = new TreeMap<>();
    for (String room : rooms()) {
      // It names all rooms' errors, and so says nothing of what it may name.
      if (!room.equals("web")) {
        built.put(
            room,
            Set.of(
                CLASSES
                    .getPackage(ROOT + room)
                    .getAnnotationOfType(ApplicationModule.class)
                    .allowedDependencies()));
      }
    }
    assertThat(written.remove("web")).isNotNull();
    assertThat(built).containsExactlyInAnyOrderEntriesOf(written);
  }

  @Test
  void roomsWithinRoomsNameWhatTheTableSays() throws Exception {
    Map<String, Set<String>> table = table("| room within | what it is for | may name |");
    Set<String> packages =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith(ROOT))
            .map(name -> name.substring(ROOT.length()))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> within = new TreeSet<>();
    for (String name : packages) {
      if (name.contains(".")) {
        within.add(name);
        within.add(name.substring(0, name.indexOf('.')));
      }
    }
    assertThat(table.keySet()).isEqualTo(within);
    List<String> arrows = new ArrayList<>();
    Set<String> drawn = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      String from = room(type);
      if (!table.containsKey(from)) {
        continue;
      }
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> room(dependency.getTargetClass()))
          .filter(to -> !to.equals(from) && table.containsKey(to) && top(to).equals(top(from)))
          .distinct()
          .forEach(to -> {
            drawn.add(from + " " + to);
            if (!table.get(from).contains(last(to))) {
              arrows.add(type.getName() + " names " + to);
            }
          });
    }
    assertThat(arrows).isEmpty();
    // What nobody does any more is not allowed any more.
    Set<String> allowed =
        table.entrySet().stream()
            .flatMap(row ->
                row.getValue().stream().map(to -> row.getKey() + " " + to(top(row.getKey()), to)))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(drawn).containsExactlyInAnyOrderElementsOf(allowed);
  }

  private static String to(String top, String name) {
    return name.equals(top) ? top : top + "." + name;
  }

  private static String room(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(ROOT) ? name.substring(ROOT.length()) : "";
  }

  private static String top(String room) {
    return room.replaceFirst("\\..*", "");
  }

  private static String last(String room) {
    return room.substring(room.lastIndexOf('.') + 1);
  }

  private static Set<String> rooms() throws IOException {
    try (Stream<Path> directories = Files.list(Path.of("src/main/java/dev/caisson"))) {
      return directories
          .filter(Files::isDirectory)
          .map(directory -> directory.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Reads a table's rows: the room in the first column, the names in the last. */
  private static Map<String, Set<String>> table(String head) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("docs/architecture.md"));
    int start = lines.indexOf(head);
    assertThat(start).as(head).isNotNegative();
    Map<String, Set<String>> rows = new TreeMap<>();
    lines.stream()
        .skip(start + 2L)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|"))
        .forEach(cells -> rows.put(names(cells[1]).getFirst(), Set.copyOf(names(cells[3]))));
    return rows;
  }

  private static List<String> names(String cell) {
    return CODE.matcher(cell).results().map(DoorTableTest::text).toList();
  }

  private static String text(MatchResult match) {
    return match.group(1);
  }
}
