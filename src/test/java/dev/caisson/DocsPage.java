package dev.caisson;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A page of the documentation, and what on it is meant for a shell. */
public record DocsPage(Path file, List<Block> blocks) {
  /** Languages of what is shown and is no command. */
  private static final Set<String> SHOWN =
      Set.of("json", "jsonc", "yaml", "text", "properties", "java", "python", "typescript");

  private static final Pattern REASON = Pattern.compile("<!-- not run: (.+) -->");
  private static final Pattern ANSWER = Pattern.compile("^# → (.+)$", Pattern.MULTILINE);

  /**
   * What stands between two fences.
   *
   * @param line where it begins
   * @param reason why it is not run; null where it is
   */
  public record Block(int line, String language, String text, @Nullable String reason) {

    public boolean run() {
      return language.equals("sh") && reason == null;
    }

    /** Whether nobody could tell what becomes of it. */
    public boolean unclear() {
      return !language.equals("sh") && !SHOWN.contains(language) && reason == null;
    }

    /** What it says that is answered, in order. */
    public List<String> answers() {
      List<String> answers = new ArrayList<>();
      Matcher found = ANSWER.matcher(text);
      while (found.find()) {
        answers.add(found.group(1).strip());
      }
      return answers;
    }
  }

  public static DocsPage read(Path file) throws IOException {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    String reason = null;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith("```")) {
        int begin = i;
        StringBuilder text = new StringBuilder();
        for (i++; i < lines.size() && !lines.get(i).strip().equals("```"); i++) {
          text.append(lines.get(i)).append('\n');
        }
        blocks.add(new Block(begin + 1, line.substring(3).strip(), text.toString(), reason));
        reason = null;
      } else if (!line.isEmpty()) {
        Matcher said = REASON.matcher(line);
        reason = said.matches() ? said.group(1) : null;
      }
    }
    return new DocsPage(file, blocks);
  }
}
