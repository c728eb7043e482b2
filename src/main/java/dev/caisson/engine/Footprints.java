package dev.caisson.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.core.DockerClientConfig;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.Operation;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.SandboxId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Measurements of what each sandbox takes of the host's file systems: blocks, not lengths, so that
 * a sparse file counts for what it holds. Only where the service sees the engine's directories.
 */
final class Footprints {
  /** The longest time for one measurement; with a million files on a slow disk there is none. */
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private static final String LAYERS = "overlay2";

  private final EngineClient client;
  private final LoopDisks disks;
  private final Map<SandboxId, List<Path>> known = new ConcurrentHashMap<>();

  Footprints(EngineClient client, LoopDisks disks) {
    this.client = client;
    this.disks = disks;
  }

  /**
   * Tells why the service cannot read the directories; null where it can.
   *
   * @param directory where the engine says that it keeps everything
   */
  @Nullable String obstacle(@Nullable String directory) {
    if (!disks.isLocal() || directory == null) {
      return "the engine is on another host";
    }
    if (!Files.isReadable(Path.of(directory, LAYERS))) {
      return "the service cannot read " + directory + "/" + LAYERS;
    }
    return HostProgram.has("du") ? null : "du is not installed";
  }

  /** Measures a sandbox, in bytes; null where its directories are not seen. */
  @Nullable Long of(SandboxId sandbox) {
    List<Path> places = known.get(sandbox);
    if (places == null) {
      places = places(sandbox);
      if (places.isEmpty()) {
        return null;
      }
      known.put(sandbox, places);
    }
    try {
      return count(places);
    } catch (IOException e) {
      throw new EngineException.Refused(
          0, "The directories of sandbox " + sandbox + " cannot be counted: " + e.getMessage(), e);
    }
  }

  void forget(SandboxId sandbox) {
    known.remove(sandbox);
  }

  private List<Path> places(SandboxId sandbox) {
    Path disk = disks.has(sandbox) ? disks.file(sandbox) : null;
    List<Path> places =
        client.read(
            Operation.INSPECT,
            "/containers/" + ContainerSpecs.name(sandbox) + "/json",
            body -> places(DockerClientConfig.getDefaultObjectMapper().readTree(body), disk));
    return places.stream().allMatch(Files::isReadable) ? places : List.of();
  }

  /**
   * Returns the places that a sandbox can write to, as the engine names them; none where it does
   * not name its layer.
   *
   * @param disk in place of the daemon's data, null where they have none of their own
   */
  static List<Path> places(JsonNode container, @Nullable Path disk) {
    String layer = container.at("/GraphDriver/Data/UpperDir").asText();
    if (layer.isEmpty()) {
      return List.of();
    }
    Set<Path> places = new LinkedHashSet<>();
    places.add(Path.of(layer));
    // /etc/hosts and its like are files of the engine's, mostly beside what it keeps of the log: in
    // a network that another container holds they are beside that one's.
    for (String path : List.of("HostsPath", "LogPath")) {
      String file = container.path(path).asText();
      if (!file.isEmpty()) {
        places.add(Path.of(file).getParent());
      }
    }
    if (disk != null) {
      places.add(disk);
    }
    for (JsonNode mount : container.path("Mounts")) {
      boolean held = disk != null && DiskVolume.PATH.equals(mount.path("Destination").asText());
      String source = mount.path("Source").asText();
      if (mount.path("RW").asBoolean() && !held && source.startsWith("/")) {
        places.add(Path.of(source));
      }
    }
    return List.copyOf(places);
  }

  /** Counts the blocks in use, each file once, without what is mounted below. */
  static long count(List<Path> places) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-skx", "--"));
    places.forEach(place -> arguments.add(place.toString()));
    // Files come and go meanwhile, of which it complains.
    String said = HostProgram.ask(DEADLINE, "du", arguments);
    long bytes = 0;
    for (String line : said.split("\n", -1)) {
      int end = line.indexOf('\t');
      if (end > 0) {
        bytes += Long.parseLong(line.substring(0, end)) << 10;
      }
    }
    return bytes;
  }
}
