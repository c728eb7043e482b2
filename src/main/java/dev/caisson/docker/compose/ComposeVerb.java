package dev.caisson.docker.compose;

import dev.caisson.docker.command.DockerCommand;
import dev.caisson.docker.command.DockerOperation;
import dev.caisson.process.ProcessException;
import dev.caisson.supervisor.wire.Request;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be asked of compose about a project; all of it but the project's name. */
public interface ComposeVerb {

  /** What the project is made of; null where its labels say enough. */
  @Nullable ComposeSource source();

  /** Adds the verb, and what belongs to it. */
  DockerCommand add(DockerCommand compose);

  /** Adds it for a sandbox whose kit lacks what {@link #add} needs; null if it needs nothing. */
  default @Nullable DockerCommand addForOlderKit(DockerCommand compose) {
    return null;
  }

  @Nullable Boolean background();

  @Nullable Duration timeout();

  @Nullable Duration waitForReady();

  /** Whether it makes something, and so must know of what. */
  boolean needsSource();

  /** The same of this project. */
  default DockerOperation of(String project) {
    return new Named(project, this);
  }

  /**
   * A verb and its project.
   *
   * @param project by which compose tells several apart that run side by side
   */
  record Named(String project, ComposeVerb verb) implements DockerOperation {
    private static final Pattern PROJECT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,127}");

    public Named {
      if (!PROJECT.matcher(project).matches()) {
        throw new ProcessException.Invalid(
            "project", "must begin with a small letter or digit, and hold those, _ and - only");
      }
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
        throw new ProcessException.Invalid("source", "must say of what: path, files or content");
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

  /** Seconds, of which compose wants whole ones; null where none were said. */
  static @Nullable String seconds(@Nullable Duration duration) {
    return duration == null
        ? null
        : String.format(Locale.ROOT, "%d", Math.max(1, duration.toSeconds()));
  }
}
