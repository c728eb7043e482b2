package dev.caisson.sandbox;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The container engine, as a sandbox needs it. Every call has a deadline of its own and fails with
 * an {@link EngineException}.
 */
public interface Engine {

  /** Returns the engine and its host, which are looked at once for each connection to it. */
  Host host();

  /** Returns whether the engine answers at all, within a short deadline. */
  boolean answers();

  /**
   * Lets pass an image that is there or may be pulled; pulls nothing, and asks no registry.
   *
   * @throws EngineException.RegistryNotAllowed if it would be pulled from where it may not be
   * @throws EngineException.NoImage if it is no name of an image
   */
  void admitImage(String reference);

  /**
   * Makes sure the image is there, pulling it if it is absent.
   *
   * @param progress receives what happens, a line each
   * @throws EngineException.NoImage if it cannot be had
   * @throws EngineException.RegistryNotAllowed if it would be pulled from where it may not be
   */
  Image image(String reference, Consumer<String> progress);

  /** Makes sure the kit is in place, and removes unused kits; quick when nothing is to do. */
  Kit kit();

  /**
   * Returns an id for a new sandbox, which is nobody else's: one that the engine has something
   * ready for, if there is any. {@link #removeState} gives back what is not used.
   */
  default SandboxId id(SandboxSpec spec, Isolation isolation) {
    return SandboxId.random();
  }

  /**
   * Makes the container of a sandbox, and its disk where that has a limit; it does not run yet.
   * Returns the engine's id for it.
   */
  String create(Plan plan);

  /** Starts a container. */
  void start(String container);

  /** Changes what a container may use; its disk stays as it was made. */
  void limit(String container, Resources resources);

  /** Asks a container's first process to end, and waits at most this long before it is killed. */
  void stop(String container, Duration grace);

  /** Reads a path of a container, running or not, as a tar stream; closed by the caller. */
  InputStream read(String container, String path);

  /**
   * Reads a path of the state ({@code /var/lib/caisson}) of a sandbox whose container is gone, as a
   * tar stream; closed by the caller.
   *
   * @throws EngineException.Refused with 404 if there is no such state, or no such path
   */
  InputStream readState(SandboxId sandbox, String path);

  /**
   * Removes the state, and the disk, of a sandbox whose container is gone; nothing happens if there
   * is none.
   */
  void removeState(SandboxId sandbox);

  /**
   * Removes a volume of kept data; nothing happens if it is gone.
   *
   * @return false if a sandbox uses it
   */
  boolean removeData(String volume);

  /** Returns the volumes of kept data that were made with this label. */
  List<String> data(String label, String value);

  /** Returns the sandboxes that have state or a disk, of those made with this label. */
  List<SandboxId> states(String label, String value);

  /**
   * Returns the directory in which the engine keeps containers and volumes on its host; null if
   * that is another host, or not known yet.
   */
  @Nullable Path dataRoot();

  /**
   * Returns what a sandbox keeps on the disk, in bytes: all that it can write of its host's file
   * systems, and its daemon's disk. This service reads its directories for it.
   *
   * @return null where they are not seen from here, or the sandbox is gone
   */
  @Nullable Long diskUse(SandboxId sandbox);

  /**
   * Returns what each sandbox keeps on the disk, in bytes, without what only {@link
   * #diskUse(SandboxId)} sees, and by the length of files. The engine goes through all of them for
   * it.
   */
  Map<SandboxId, Long> diskUse();

  /** Removes the container with its anonymous volumes; nothing happens if it is gone. */
  void remove(String container);

  /** Returns the containers that carry Caisson's label, running or not. */
  List<Found> list();

  /** Returns a container with Caisson's label, or null if it is gone. */
  @Nullable Found find(String container);

  /**
   * Returns readings of what a running container uses from now on, with all in it; closed by the
   * caller.
   */
  Usage.Readings usage(String container);

  /** Returns the last lines that a container wrote to its own log: evidence when a start fails. */
  String logTail(String container, int lines);

  /**
   * Reports containers of sandboxes that ended, images that changed, and a connection that broke
   * and is back ({@link Change#CONNECTED}: the listener then looks at everything), until the result
   * is closed.
   */
  AutoCloseable watch(Consumer<Event> listener);

  /**
   * The facts that matter about the engine's host.
   *
   * @param version of the engine
   * @param userns whether it remaps root ({@code userns-remap})
   * @param root the uid that a sandbox's root has on the host
   * @param delegates whether the runtime that hands a sandbox its own cgroup is registered
   * @param cgroup 1 or 2
   * @param cpus of the host
   * @param memory of the host, in bytes
   */
  record Host(
      String version,
      String apiVersion,
      boolean userns,
      long root,
      boolean delegates,
      int cgroup,
      int cpus,
      long memory) {}

  /**
   * An image that is there.
   *
   * @param digest its repository digest, or its id where it has none
   * @param command its ENTRYPOINT and CMD
   */
  record Image(
      String id,
      String digest,
      Map<String, String> env,
      String workdir,
      @Nullable String user,
      List<String> command) {}

  /**
   * The kit that new sandboxes get.
   *
   * @param dockers the ids of the images that its Docker parts are from
   */
  record Kit(String version, List<String> dockers) {}

  /**
   * The plan of a container to be made.
   *
   * @param image the id of an image that is there
   * @param reference what the caller called it, for people
   * @param socketDirectory on the host, mounted where the supervisor puts its socket
   * @param labels beyond those that identify it; on its state as well
   * @param data of its daemon, where it has one
   * @param dockerVersion of its daemon; null for the usual one
   */
  record Plan(
      SandboxId sandbox,
      String image,
      String reference,
      @Nullable String name,
      Resources resources,
      boolean docker,
      NetworkMode network,
      Isolation isolation,
      Path socketDirectory,
      Map<String, String> labels,
      DockerData data,
      @Nullable String dockerVersion) {

    /**
     * Creates a plan with a daemon of the usual version, whose data come and go with the sandbox.
     */
    public Plan(
        SandboxId sandbox,
        String image,
        String reference,
        @Nullable String name,
        Resources resources,
        boolean docker,
        NetworkMode network,
        Isolation isolation,
        Path socketDirectory,
        Map<String, String> labels) {
      this(
          sandbox,
          image,
          reference,
          name,
          resources,
          docker,
          network,
          isolation,
          socketDirectory,
          labels,
          DockerData.OWN,
          null);
    }
  }

  /** A container that carries Caisson's label. */
  record Found(
      SandboxId sandbox,
      String container,
      boolean running,
      boolean outOfMemory,
      int exitCode,
      Instant createdAt,
      Map<String, String> labels) {}

  /** The kinds of change that the engine reports. */
  enum Change {
    DIED,
    /** The tagging, pulling or removal of an image. */
    IMAGES,
    CONNECTED,
    DISCONNECTED
  }

  /** A change, of one sandbox or of the connection. */
  record Event(Change change, @Nullable SandboxId sandbox) {}
}
