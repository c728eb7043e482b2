package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The language of the Javadoc: a comment names its object and does not answer a question. */
class JavadocTest {
  private static final Path SOURCES = Path.of("src/main/java");

  /** A comment and its first two words. */
  private static final Pattern COMMENT = Pattern.compile("/\\*\\*[\\s*]+((\\S+)\\s+(\\S+))");

  private static final Pattern FRAGMENT =
      Pattern.compile(
          "(?:It|Its|They|Them|Their|Those|These|This|That|Such|Of|By|To|With|In|From|As|At|On|For"
              + "|After|Before|Until|Unless|If|Where|Who|Which|What|How|Why|When|Whether|Whoever"
              + "|Nobody|Somebody|Everybody|Not|Only|Also)\\b.*|The same\\b.*");

  @Test
  void noCommentBeginsAsAFragment() throws IOException {
    List<String> fragments = new ArrayList<>();
    int comments = 0;
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        Matcher comment = COMMENT.matcher(Files.readString(file));
        while (comment.find()) {
          comments++;
          if (FRAGMENT.matcher(comment.group(1)).matches()) {
            fragments.add(SOURCES.relativize(file) + ": " + comment.group(1));
          }
        }
      }
    }
    assertThat(comments).isGreaterThan(3000);
    assertThat(fragments)
        .as("A method's comment begins with a verb and names its object, a type's with a noun")
        .isEmpty();
  }
}
