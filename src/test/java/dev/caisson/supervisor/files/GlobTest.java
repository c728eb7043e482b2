package dev.caisson.supervisor.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.supervisor.wire.RefusedException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What patterns of names mean. */
class GlobTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "*.java src/Main.java true",
        "*.java src/Main.jav false",
        "*/*.java src/Main.java true",
        "*/*.java src/a/Main.java false",
        "**/*.java src/a/Main.java true",
        "**.java src/a/Main.java true",
        "src/** src/a/b true",
        "?.txt ü.txt true",
        "?.txt 😀.txt true",
        "[a-c]x bx true",
        "[!a-c]x bx false",
        "[!a-c]x dx true",
        "[]]x ]x true",
        "[-a]x -x true",
        "[a-]x -x true",
        "a[/]b a/b false",
        "a[!x]b/c a/b/c false",
        "{a,b}{1,2} b1 true",
        "{a,b}{1,2} b3 false",
        "{a,{b,c}d}e cde true",
        "{,x}y y true",
        "a,b a,b true",
        "\\*x *x true",
        "\\*x ax false",
        "*a*b*c xaxxbxxc true",
        "*a*b*c xaxxcxxb false",
      })
  void namesAreMatched(String glob, String name, boolean matches) throws Exception {
    assertThat(Glob.of(glob).matches(name)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "[a", "[]", "{a", "a}", "a\\", "[z-a]"})
  void whatIsNoneIsRefused(String glob) {
    assertThatThrownBy(() -> Glob.of(glob)).isInstanceOf(RefusedException.class);
  }

  @Test
  void aNameIsMatchedAsTheJdkDoes() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      String glob = word(random, new String[] {"a", "b", "*", "**", "?", "[ab]", "[!a]", "{a,b*}"});
      String name = word(random, new String[] {"a", "b", "c"});
      boolean expected =
          FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(name));
      assertThat(Glob.of(glob).matches(name)).as("%s on %s", glob, name).isEqualTo(expected);
    }
  }

  private static String word(Random random, String[] parts) {
    StringBuilder word = new StringBuilder();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      word.append(parts[random.nextInt(parts.length)]);
    }
    return word.toString();
  }
}
