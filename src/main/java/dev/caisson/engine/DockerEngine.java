package dev.caisson.engine;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import dev.caisson.engine.client.ApiVersion;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.EngineProperties;
import dev.caisson.engine.client.Operation;
import dev.caisson.engine.image.AllowedRegistries;
import dev.caisson.engine.image.ImageProperties;
import dev.caisson.engine.image.ImageReference;
import dev.caisson.engine.image.Images;
import dev.caisson.engine.kit.KitVolumes;
import dev.caisson.engine.network.Containers;
import dev.caisson.engine.network.EngineFacts;
import dev.caisson.engine.network.Placement;
import dev.caisson.host.EngineReport;
import dev.caisson.host.Findings;
import dev.caisson.host.HostInspector;
import dev.caisson.host.PlacementSettings;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.Usage;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** The engine as a Docker engine, reached with docker-java. */
@Component
@EnableConfigurationProperties({EngineProperties.class, ImageProperties.class})
public final class DockerEngine implements Engine, HostInspector, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DockerEngine.class);

  private final EngineProperties properties;
  private final EngineClient client;
  private final Images images;
  private final KitVolumes kits;
  private final ContainerSpecs specs;
  private final LoopDisks disks;
  private final Footprints footprints;
  private volatile @Nullable EngineFacts facts;
  private volatile @Nullable Placement places;

  @Autowired
  DockerEngine(
      EngineProperties properties,
      ImageProperties images,
      SandboxProperties sandboxes,
      MeterRegistry meters) {
    this(
        properties,
        new AllowedRegistries(images.registries(), sandboxes.image()),
        EngineClient.to(properties, meters),
        new LoopDisks(sandboxes.home(), properties.endpoint(System.getenv())));
  }

  DockerEngine(
      EngineProperties properties,
      AllowedRegistries registries,
      EngineClient client,
      LoopDisks disks) {
    this.properties = properties;
    this.client = client;
    this.images = new Images(client, properties.pullDeadline(), registries);
    this.kits = new KitVolumes(client, images, properties, Thread::sleep);
    this.disks = disks;
    this.footprints = new Footprints(client, disks);
    this.specs = new ContainerSpecs(properties.supervisorLogLevel(System.getenv()));
  }

  @Override
  public Host host() {
    return facts().host();
  }

  @Override
  public boolean answers() {
    return client.pings(properties.pingDeadline());
  }

  /** Returns where the engine keeps images and containers, on its host. */
  Optional<Path> directory() {
    return client
        .call(
            Operation.INFO,
            docker -> Optional.ofNullable(docker.infoCmd().exec().getDockerRootDir()))
        .map(Path::of);
  }

  @Override
  public void admitImage(String reference) {
    images.admit(ImageReference.parse(reference));
  }

  @Override
  public Image image(String reference, Consumer<String> progress) {
    return images.get(ImageReference.parse(reference), progress);
  }

  @Override
  public Kit kit() {
    return kits.kit();
  }

  @Override
  public SandboxId id(SandboxSpec spec, Isolation isolation) {
    EngineFacts known = facts;
    Placement ground = places;
    return known == null || ground == null
        ? SandboxId.random()
        : ground.id(spec, isolation, known.host().userns());
  }

  @Override
  public String create(Plan plan) {
    EngineFacts known = facts();
    KitVolumes.Names kit = kits.names(plan.dockerVersion());
    String device = disk(plan, known);
    Placement ground = places;
    Placement.Place place = ground == null ? Placement.NOWHERE : ground.take(plan);
    return client.call(
        Operation.CREATE,
        docker -> {
          CreateContainerCmd command =
              place.put(specs.fill(docker.createContainerCmd(plan.image()), plan, known, kit));
          HostConfig host = command.getHostConfig();
          if (device != null && host != null) {
            DiskVolume.add(host, plan, device);
          }
          if (host != null) {
            KeptData.add(host, plan, docker);
          }
          return command.exec().getId();
        });
  }

  private @Nullable String disk(Plan plan, EngineFacts known) {
    // What cannot be held hard is watched.
    if (!plan.docker() || plan.resources().disk() == 0 || disks.obstacle() != null) {
      return null;
    }
    long root = plan.isolation().hasHostsRoot(plan.docker()) ? 0 : known.host().root();
    return disks.make(plan.sandbox(), plan.resources().disk(), root);
  }

  @Override
  public EngineReport engine() {
    EngineFacts known = facts();
    EngineReport.Kit kit = kits.report();
    return client.call(
        Operation.INFO, docker -> EngineReports.of(docker.infoCmd().exec(), known, kit));
  }

  @Override
  public synchronized Findings examine(PlacementSettings ground) {
    EngineFacts known = facts();
    kits.serve(ground.instance());
    Placement next = Placement.of(client, ground, properties.kitImage(), places);
    if (places == null) {
      // Before it is filled: a sandbox may end at any moment, and what it gives back is taken.
      places = next;
      next.takeUp(known);
    }
    HostInspection.Seen seen =
        new HostInspection(
                client,
                known,
                kits.latest(),
                properties.kitImage(),
                ground,
                next.parents(),
                footprints,
                disks)
            .look();
    // Unless the engine was lost meanwhile: another look follows.
    if (known.equals(facts)) {
      facts = known.with(seen.openFiles(), seen.devices());
    }
    Placement examined = next.with(seen.findings());
    places = examined;
    examined.prepare();
    return seen.findings();
  }

  @Override
  public void start(String container) {
    long begun = System.nanoTime();
    client.run(
        Operation.START,
        properties.callDeadline(),
        docker -> {
          try {
            docker.startContainerCmd(container).exec();
          } catch (NotModifiedException e) {
            log.debug("container {} runs already", container);
          }
        });
    Placement ground = places;
    if (ground != null) {
      ground.started(Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  @Override
  public void limit(String container, Resources resources) {
    client.run(
        Operation.LIMIT,
        properties.callDeadline(),
        docker ->
            docker
                .updateContainerCmd(container)
                .withNanoCPUs(Math.round(resources.cpu() * 1e9))
                .withMemory(resources.memory())
                .withMemorySwap(resources.memory())
                .withPidsLimit((long) resources.pids())
                .exec());
  }

  @Override
  public void stop(String container, Duration grace) {
    int seconds = (int) Math.min(Integer.MAX_VALUE, grace.plusMillis(999).toSeconds());
    client.run(
        Operation.STOP,
        properties.callDeadline().plusSeconds(seconds),
        docker -> {
          try {
            docker.stopContainerCmd(container).withTimeout(seconds).exec();
          } catch (NotModifiedException | NotFoundException e) {
            log.debug("container {} does not run any more", container);
          }
        });
  }

  @Override
  public InputStream read(String container, String path) {
    return new ArchiveStream(
        client.open(Operation.READ, at(container) + "/archive?path=" + encoded(path)));
  }

  @Override
  public InputStream readState(SandboxId sandbox, String path) {
    String image = properties.kitImage();
    String reader =
        client.call(Operation.STATE, docker -> StateVolume.reader(docker, sandbox, image));
    try {
      return new ArchiveStream(
          client.open(Operation.READ, at(reader) + "/archive?path=" + encoded(path)),
          () -> remove(reader));
    } catch (RuntimeException e) {
      remove(reader);
      throw e;
    }
  }

  @Override
  public void removeState(SandboxId sandbox) {
    footprints.forget(sandbox);
    Placement ground = places;
    if (ground != null) {
      ground.release(sandbox);
    }
    client.run(
        Operation.STATE,
        properties.removeDeadline(),
        docker -> {
          StateVolume.remove(docker, sandbox);
          if (disks.has(sandbox)) {
            DiskVolume.remove(docker, sandbox);
          }
        });
    disks.remove(sandbox);
  }

  @Override
  public boolean removeData(String volume) {
    return client.call(Operation.STATE, docker -> KeptData.remove(docker, volume));
  }

  @Override
  public List<String> data(String label, String value) {
    return client.call(Operation.LIST, docker -> KeptData.list(docker, label, value));
  }

  @Override
  public List<SandboxId> states(String label, String value) {
    List<SandboxId> volumes =
        client.call(Operation.LIST, docker -> StateVolume.list(docker, label, value));
    // A service that was ended between the two has made a disk, and no volume.
    return Stream.concat(volumes.stream(), disks.all().stream()).distinct().toList();
  }

  @Override
  public @Nullable Path dataRoot() {
    EngineFacts known = facts;
    boolean here = "unix".equals(properties.endpoint(System.getenv()).getScheme());
    // Asked at each create, which has asked the engine for its facts just before.
    return here && known != null && known.directory() != null ? Path.of(known.directory()) : null;
  }

  @Override
  public @Nullable Long diskUse(SandboxId sandbox) {
    EngineFacts known = facts;
    return known == null || footprints.obstacle(known.directory()) != null
        ? null
        : footprints.of(sandbox);
  }

  @Override
  public Map<SandboxId, Long> diskUse() {
    return client.read(
        Operation.DISK_USE,
        EngineDiskUse.DEADLINE,
        Request.builder().method(Request.Method.GET),
        "/system/df",
        EngineDiskUse::read);
  }

  @Override
  public void remove(String container) {
    client.run(
        Operation.REMOVE,
        properties.removeDeadline(),
        docker -> {
          try {
            docker.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
          } catch (NotFoundException e) {
            log.debug("container {} is gone already", container);
          } catch (ConflictException e) {
            // Another call removes it at this moment, and would report a failure.
            if (!String.valueOf(e.getMessage()).contains("already in progress")) {
              throw e;
            }
          }
        });
  }

  @Override
  public List<Found> list() {
    return client.call(Operation.LIST, Containers::list);
  }

  @Override
  public @Nullable Found find(String container) {
    return client
        .call(Operation.INSPECT, docker -> Containers.find(docker, container))
        .orElse(null);
  }

  @Override
  public Usage.Readings usage(String container) {
    return new ContainerUsage(
        client.open(Operation.USAGE, at(container) + "/stats?stream=true"), client.errors());
  }

  @Override
  public String logTail(String container, int lines) {
    return client.read(
        Operation.LOG, at(container) + "/logs?stdout=1&stderr=1&tail=" + lines, ContainerLog::read);
  }

  @Override
  public AutoCloseable watch(Consumer<Event> listener) {
    EngineWatch watch = new EngineWatch(client, listener, this::forget, Thread::sleep);
    watch.start();
    return watch;
  }

  @Override
  public void close() throws IOException {
    Placement ground = places;
    if (ground != null) {
      ground.close();
    }
    client.close();
  }

  /**
   * Returns the facts as they were when the engine was last found: a new engine may know other
   * runtimes.
   */
  private EngineFacts facts() {
    EngineFacts known = facts;
    if (known == null) {
      ApiVersion version = client.apiVersion();
      known =
          client.call(Operation.INFO, docker -> EngineFacts.of(docker.infoCmd().exec(), version));
      facts = known;
    }
    return known;
  }

  private void forget() {
    facts = null;
    client.forget();
  }

  private static String at(String container) {
    return "/containers/" + encoded(container);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
