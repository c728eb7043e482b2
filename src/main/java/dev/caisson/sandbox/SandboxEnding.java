package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of one sandbox: what its processes left is archived, then nothing of it is left on the
 * engine. Done in steps; what failed is tried again, what was done is not.
 */
final class SandboxEnding {
  private static final Logger log = LoggerFactory.getLogger(SandboxEnding.class);

  /** Then what could be taken must do: a container must not stay because of its output. */
  private static final int TRIES = 3;

  /** Where the supervisor keeps its records in every sandbox. */
  private static final String PROCESSES = "/var/lib/caisson/processes";

  private final SandboxWorld world;
  private final SandboxId id;
  private final Logbook logbook;
  private int tries;
  private boolean archived;
  private boolean removed;

  SandboxEnding(SandboxWorld world, SandboxId id, Logbook logbook) {
    this.world = world;
    this.id = id;
    this.logbook = logbook;
  }

  /**
   * Whether nothing of it is left on the engine; if not, it is to be tried again.
   *
   * @param container null if none was made, as far as is known
   */
  boolean cleanUp(@Nullable String container) {
    try {
      String made = container == null ? search() : container;
      if (made != null && !archived) {
        archive(made);
        archived = true;
      }
      if (made != null && !removed) {
        world.engine().remove(made);
        removed = true;
      }
      world.engine().removeState(id);
      world.supervisors().forget(id);
      return true;
    } catch (EngineException | UncheckedIOException e) {
      world.meters().counter("caisson.sandbox.cleanup.failures").increment();
      log.atWarn()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.getMessage())
          .log("sandbox could not be cleaned up, will be tried again");
      return false;
    }
  }

  /** The service before may have made one and not come to record it. */
  private @Nullable String search() {
    return world.engine().list().stream()
        .filter(found -> found.sandbox().equals(id))
        .map(Engine.Found::container)
        .findFirst()
        .orElse(null);
  }

  private void archive(String container) {
    try (InputStream tar = open(container)) {
      logbook.keep(tar);
    } catch (EngineException.Refused e) {
      if (e.status != 404) {
        again(e);
        return;
      }
      // It never ran a process, or somebody removed its volume too.
      log.atDebug()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.getMessage())
          .log("nothing to archive");
      return;
    } catch (IOException e) {
      again(new UncheckedIOException("its output cannot be archived: " + e.getMessage(), e));
    }
    tellOfTheirEnds();
  }

  private InputStream open(String container) {
    try {
      return world.engine().read(container, PROCESSES);
    } catch (EngineException.Refused e) {
      if (e.status != 404) {
        throw e;
      }
      // Removed by other hands; its state has a volume of its own.
      return world.engine().readState(id, PROCESSES);
    }
  }

  private void again(RuntimeException e) {
    if (++tries < TRIES) {
      throw e;
    }
    log.atWarn().addKeyValue("sandbox", id).setCause(e).log("output could not be archived whole");
    logbook.keepPart();
  }

  /** Nobody watched any more when the last of them ended; records outlive the archive's bound. */
  private void tellOfTheirEnds() {
    Supervisor archive =
        world.supervisors().archived(id, world.history().archived(id), KnownProcesses.NONE);
    try (Answers<ProcessInfo> answers = archive.open(new Request.ListProcesses())) {
      for (ProcessInfo process = answers.next(); process != null; process = answers.next()) {
        logbook.saw(process);
      }
    } catch (SupervisorException e) {
      log.atWarn()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.getMessage())
          .log("archived records cannot be read");
    }
  }
}
