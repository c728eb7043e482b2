package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** Every setting is told to operators, with its default; and nothing that is none. */
class SettingsTest {
  private static final Path PAGE = Path.of("docs", "operations.md");
  private static final Pattern NAMED =
      Pattern.compile("`(caisson\\.(?:[a-z]+\\.)+[a-z]+(?:-[a-z]+)*)`");

  /** Each with its default; empty for none. */
  private static Map<String, String> settings() throws ClassNotFoundException {
    ClassPathScanningCandidateComponentProvider scan =
        new ClassPathScanningCandidateComponentProvider(false);
    scan.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    Map<String, String> found = new TreeMap<>();
    for (var each : scan.findCandidateComponents("dev.caisson")) {
      Class<?> type = Class.forName(each.getBeanClassName());
      ConfigurationProperties properties =
          Objects.requireNonNull(type.getAnnotation(ConfigurationProperties.class));
      assertThat(type).isRecord();
      add(properties.value(), type, found);
    }
    return found;
  }

  private static void add(String prefix, Class<?> type, Map<String, String> found) {
    Class<?>[] types =
        List.of(type.getRecordComponents()).stream()
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    for (int i = 0; i < types.length; i++) {
      RecordComponent component = type.getRecordComponents()[i];
      String name =
          prefix
              + "."
              + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
      if (types[i].isRecord() && types[i].getEnclosingClass() == type) {
        add(name, types[i], found);
      } else {
        DefaultValue value = defaultOf(type, types, i);
        found.put(name, value == null ? "" : String.join(",", value.value()));
      }
    }
  }

  /** It is the constructor's parameter that has it. */
  private static @org.jspecify.annotations.Nullable DefaultValue defaultOf(
      Class<?> type, Class<?>[] types, int index) {
    try {
      return type.getDeclaredConstructor(types)
          .getParameters()[index]
          .getAnnotation(DefaultValue.class);
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void eachIsInTheOperationsPageWithItsDefault() throws Exception {
    Map<String, String> settings = settings();
    assertThat(settings)
        .containsEntry("caisson.ports.answer-timeout", "PT5M")
        .containsEntry("caisson.host.network.isolated", "true")
        .hasSizeGreaterThan(50);
    List<String> rows =
        Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| `caisson.")).toList();
    List<String> wrong = new ArrayList<>();
    settings.forEach((name, value) -> {
      String quoted = "`" + name + "`";
      if (rows.stream()
          .noneMatch(row ->
              row.contains(quoted) && (value.isEmpty() || row.contains("`" + value + "`")))) {
        wrong.add(name + " = " + value);
      }
    });
    assertThat(wrong).isEmpty();
  }

  @Test
  void nothingElseIsCalledASetting() throws IOException, ClassNotFoundException {
    TreeSet<String> named = new TreeSet<>();
    for (String page : List.of("operations.md", "ports.md", "security.md")) {
      Matcher match = NAMED.matcher(Files.readString(Path.of("docs", page)));
      while (match.find()) {
        named.add(match.group(1));
      }
    }
    assertThat(settings().keySet()).containsAll(named);
  }
}
