package dev.caisson.template;

import dev.caisson.lifecycle.KeptVolumes;
import dev.caisson.lifecycle.SandboxCreation;
import dev.caisson.lifecycle.ServiceLifecycle;
import dev.caisson.lifecycle.Templates;
import dev.caisson.pool.Pools;
import dev.caisson.sandbox.DockerData;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * All templates. Each lies in the records and is built once; a build that a stop of the service has
 * ended begins anew with the next start.
 */
@Component
public final class TemplateCatalog implements Templates, SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(TemplateCatalog.class);
  private static final String VOLUME = "caisson-images-";

  private final TemplateStore store;
  private final TemplateBuild build;
  private final KeptVolumes volumes;
  private final Pools pools;
  private final SandboxProperties properties;
  private final Clock clock;
  private final TemplateJson json = new TemplateJson();
  private final Map<String, SandboxTemplate> known = new TreeMap<>();
  private volatile boolean running;

  TemplateCatalog(
      TemplateStore store,
      TemplateBuild build,
      KeptVolumes volumes,
      Pools pools,
      SandboxProperties properties,
      Clock clock) {
    this.store = store;
    this.build = build;
    this.volumes = volumes;
    this.pools = pools;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public Template get(String name) {
    SandboxTemplate template = find(name);
    if (template.state() != TemplateState.READY) {
      String why = template.detail() == null ? "" : ": " + template.detail();
      throw new TemplateException.NotReady(name, template.state(), why);
    }
    return new Template(
        template.sandbox(),
        template.images().isEmpty() ? null : template.volume(),
        template.isolation());
  }

  synchronized List<SandboxTemplate> list() {
    return List.copyOf(known.values());
  }

  /**
   * Returns a template.
   *
   * @throws TemplateException.NotFound if there is none of this name
   */
  synchronized SandboxTemplate find(String name) {
    SandboxTemplate template = known.get(name);
    if (template == null) {
      throw new TemplateException.NotFound(name);
    }
    return template;
  }

  /** Waits until a template is built, or that has failed, or the time is over. */
  synchronized SandboxTemplate await(String name, Duration timeout) throws InterruptedException {
    Deadline end = Deadline.in(timeout);
    while (find(name).state() == TemplateState.BUILDING && !end.isOver()) {
      end.waitOn(this);
    }
    return find(name);
  }

  /** Records a template, and begins to build it. */
  SandboxTemplate put(String name, TemplateRequest request) throws InterruptedException {
    SandboxCreation sandbox = Objects.requireNonNullElse(request.sandbox(), SandboxCreation.EMPTY);
    List<String> images = Objects.requireNonNullElse(request.images(), List.of());
    if (!images.isEmpty() && (sandbox.docker() == null || !sandbox.docker().on())) {
      throw new TemplateException.Invalid("images", "need a sandbox with docker.enabled");
    }
    SandboxTemplate template =
        new SandboxTemplate(
            name,
            sandbox,
            List.copyOf(images),
            images.isEmpty() ? TemplateState.READY : TemplateState.BUILDING,
            images.isEmpty() ? null : VOLUME + random(),
            null,
            null,
            clock.instant(),
            images.isEmpty() ? clock.instant() : null,
            request.pool() == null ? null : request.pool().size());
    keep(template);
    pools.remove(name);
    begin(template);
    tidy();
    return template;
  }

  void delete(String name) throws InterruptedException {
    synchronized (this) {
      SandboxTemplate before = known.remove(name);
      if (before == null) {
        return;
      }
      store.replace(name, null, json.text(before));
      notifyAll();
    }
    pools.remove(name);
    tidy();
  }

  private synchronized void keep(SandboxTemplate template) throws InterruptedException {
    SandboxTemplate before = known.get(template.name());
    store.replace(template.name(), json.text(template), before == null ? null : json.text(before));
    known.put(template.name(), template);
    notifyAll();
  }

  private void begin(SandboxTemplate template) {
    if (template.state() == TemplateState.BUILDING) {
      Thread.ofVirtual().name("template-" + template.name()).start(() -> build(template));
    } else {
      pool(template);
    }
  }

  /** Keeps some of a template's sandboxes ready, where that is wanted. */
  private void pool(SandboxTemplate template) {
    if (template.pool() == null || template.state() != TemplateState.READY) {
      return;
    }
    SandboxSpec spec = template.sandbox().toSpec(properties);
    String isolation =
        template.isolation() == null ? template.sandbox().isolation() : template.isolation();
    pools.keep(
        template.name(),
        template.images().isEmpty()
            ? spec
            : spec.with(DockerData.with(Objects.requireNonNull(template.volume()))),
        isolation == null ? null : Isolation.of(isolation),
        template.pool());
  }

  private void build(SandboxTemplate template) {
    SandboxTemplate built;
    try {
      try {
        built = template.ready(build.run(template), clock.instant());
        log.atInfo().addKeyValue("template", template.name()).log("template is ready");
      } catch (TemplateBuild.FailedException | RuntimeException e) {
        built = template.failed(String.valueOf(e.getMessage()));
        log.atWarn()
            .addKeyValue("template", template.name())
            .addKeyValue("error", e.getMessage())
            .log("template could not be built");
      }
      synchronized (this) {
        if (running && template.equals(known.get(template.name()))) {
          keep(built);
          pool(built);
        }
      }
      tidy();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Removes the volumes that no template has any more, but for those that sandboxes use. */
  private void tidy() {
    List<String> used;
    synchronized (this) {
      used = known.values().stream().map(SandboxTemplate::volume).filter(Objects::nonNull).toList();
    }
    try {
      for (String volume : volumes.list()) {
        if (!used.contains(volume) && volumes.remove(volume)) {
          log.atInfo().addKeyValue("volume", volume).log("images that no template has removed");
        }
      }
    } catch (EngineException e) {
      log.atWarn().addKeyValue("error", e.getMessage()).log("unused images could not be removed");
    }
  }

  private static String random() {
    byte[] bytes = new byte[6];
    RandomGenerator.getDefault().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public void start() {
    List<SandboxTemplate> begun = new ArrayList<>();
    synchronized (this) {
      for (String record : store.all()) {
        SandboxTemplate template = json.read(record);
        if (template != null) {
          known.put(template.name(), template);
          begun.add(template);
        }
      }
      running = true;
    }
    begun.forEach(this::begin);
    Thread.ofVirtual().name("templates-tidy").start(this::tidy);
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Starts the catalog after the sandboxes, in which it builds templates. */
  @Override
  public int getPhase() {
    return ServiceLifecycle.PHASE + 1;
  }
}
