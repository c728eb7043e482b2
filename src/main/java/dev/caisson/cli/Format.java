package dev.caisson.cli;

/** The format in which answers are written. */
enum Format {
  table,
  json
}
