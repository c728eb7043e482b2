package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** The words of a command line, converted for the service. */
final class Arguments {
  private static final Pattern SHORT = Pattern.compile("(\\d+)(s|m|h|d)");

  private Arguments() {}

  /** Converts {@code 10m} to {@code PT10M}; a word in ISO 8601 stays as it is. */
  static String duration(String word) {
    Matcher brief = SHORT.matcher(word);
    if (brief.matches()) {
      String unit = brief.group(2).toUpperCase(Locale.ROOT);
      return (unit.equals("D") ? "P" : "PT") + brief.group(1) + unit;
    }
    if (word.startsWith("P")) {
      return word;
    }
    throw new CliException.Usage(
        "'" + word + "' is not a duration such as 30s, 10m, 2h, 1d or PT10M");
  }

  /** Returns a command line without the {@code --} that other programs want before it. */
  static List<String> command(List<String> words) {
    List<String> command = words.getFirst().equals("--") ? words.subList(1, words.size()) : words;
    if (command.isEmpty()) {
      throw new CliException.Usage("a command is missing after --");
    }
    return command;
  }

  static void pairs(ObjectNode body, String field, List<String> words) {
    if (words.isEmpty()) {
      return;
    }
    ObjectNode pairs = body.putObject(field);
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw new CliException.Usage("'" + word + "' is not of the form KEY=VALUE");
      }
      pairs.put(word.substring(0, equals), word.substring(equals + 1));
    }
  }

  /**
   * Adds variables; a name alone takes its value from here, so that no secret need be in a command
   * line.
   */
  static void environment(ObjectNode body, List<String> words, Map<String, String> here) {
    if (words.isEmpty()) {
      return;
    }
    ObjectNode variables = body.putObject("env");
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals == 0 || word.isEmpty()) {
        throw new CliException.Usage("'" + word + "' is not the name of a variable");
      }
      if (equals > 0) {
        variables.put(word.substring(0, equals), word.substring(equals + 1));
      } else if (here.containsKey(word)) {
        variables.put(word, here.get(word));
      } else {
        throw new CliException.Usage("this shell has no variable " + word);
      }
    }
  }

  /** Parses the number of a port. */
  static int port(String word) {
    try {
      int port = Integer.parseInt(word);
      if (port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Refused like a number that is too large.
    }
    throw new CliException.Usage("'" + word + "' is not a port");
  }
}
