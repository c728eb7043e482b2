package dev.caisson.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A table of rows, with columns as wide as they need to be. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... heads) {
    rows.add(List.of(heads));
  }

  Table row(String... cells) {
    // Text out of a sandbox must not move the cursor of the terminal.
    rows.add(List.of(cells).stream().map(Table::harmless).toList());
    return this;
  }

  void print(PrintStream out) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i));
        if (i < columns - 1) {
          line.append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
      }
      out.print(line.toString().stripTrailing() + "\n");
    }
  }

  private static String harmless(String cell) {
    StringBuilder text = new StringBuilder();
    cell.codePoints()
        .forEach(point -> text.appendCodePoint(Character.isISOControl(point) ? ' ' : point));
    return text.toString();
  }
}
