package dev.caisson.lifecycle;

import dev.caisson.sandbox.DockerData;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.History;
import java.util.List;
import org.springframework.stereotype.Component;

/** The volumes with data of daemons that outlive their sandboxes, see {@link DockerData#kept}. */
@Component
public final class KeptVolumes {
  private final Engine engine;
  private final History history;

  KeptVolumes(Engine engine, History history) {
    this.engine = engine;
    this.history = history;
  }

  /**
   * Returns the names of all such volumes of this service.
   *
   * @throws EngineException if the engine does not answer
   */
  public List<String> list() {
    return engine.data(StartupRecovery.INSTANCE_LABEL, history.instance());
  }

  /**
   * Removes a volume; returns false if a sandbox uses it.
   *
   * @throws EngineException if the engine does not answer
   */
  public boolean remove(String volume) {
    return engine.removeData(volume);
  }
}
