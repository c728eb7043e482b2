package dev.caisson.docker.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of a build, wherever its context comes from. */
interface BuildOptions {
  @Nullable List<String> tags();

  @Nullable String dockerfile();

  @Nullable String target();

  @Nullable String platform();

  @Nullable Boolean noCache();

  @Nullable Boolean pull();
}
