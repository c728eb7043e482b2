package dev.caisson.cli;

/** How answers are written. */
enum Format {
  table,
  json
}
