package dev.caisson.docker.compose;

import dev.caisson.docker.command.DockerCommand;
import dev.caisson.docker.command.DockerOperation;
import dev.caisson.process.ProcessException;
import dev.caisson.supervisor.wire.Request;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An operation of compose on a project, without the project's name. */
public interface ComposeVerb {

  /** Returns the source of the project; null where the labels of its containers say enough. */
  @Nullable ComposeSource source();

  /** Adds the verb with its options and arguments. */
  DockerCommand add(DockerCommand compose);

  /**
   * Adds the verb for a sandbox whose kit lacks what {@link #add} needs; null if it needs nothing.
   */
  default @Nullable DockerCommand addForOlderKit(DockerCommand compose) {
    return null;
  }

  @Nullable Boolean background();

  @Nullable Duration timeout();

  @Nullable Duration waitForReady();

  /** Returns whether the verb makes something, and so needs a source. */
  boolean needsSource();

  /** Returns the operation on this project. */
  default DockerOperation of(String project) {
    return new Named(project, this);
  }

  /**
   * A verb and its project.
   *
   * @param project the name by which compose tells projects apart that run side by side
   */
  record Named(String project, ComposeVerb verb) implements DockerOperation {
    private static final Pattern PROJECT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,127}");

    public Named {
      if (!PROJECT.matcher(project).matches()) {
        throw new ProcessException.Invalid(
            "project",
            "must begin with a lowercase letter or digit, and contain only lowercase letters, digits, _ and -");
      }
    }

    @Override
    public @Nullable Boolean background() {
      return verb.background();
    }

    @Override
    public Request.Start toStart() {
      return verb.add(compose()).start(verb.background(), verb.timeout());
    }

    @Override
    public Request.@Nullable Start toStartOfOlderKit() {
      DockerCommand line = verb.addForOlderKit(compose());
      return line == null ? null : line.start(verb.background(), verb.timeout());
    }

    private DockerCommand compose() {
      ComposeSource source = verb.source();
      if (verb.needsSource() && (source == null || !source.isGiven())) {
        throw new ProcessException.Invalid("source", "must have path, files or content");
      }
      DockerCommand compose = DockerCommand.of("compose").option("--project-name", project);
      if (source != null) {
        source.into(compose);
      }
      return compose;
    }

    @Override
    public @Nullable Duration waitForReady() {
      return verb.waitForReady();
    }
  }

  /**
   * Returns the duration in seconds, of which compose wants whole ones; null where there is no
   * duration.
   */
  static @Nullable String seconds(@Nullable Duration duration) {
    return duration == null
        ? null
        : String.format(Locale.ROOT, "%d", Math.max(1, duration.toSeconds()));
  }
}
