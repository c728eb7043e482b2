import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Measures what issue and README promise, ours and its baseline in turns within one run. */
final class Bench {
  private static final String IMAGE = Settings.text("BENCH_IMAGE", "debian:trixie-slim");
  private static final int EXECS = Settings.number("BENCH_EXECS", 200);

  /** Until service and supervisor have compiled what they run; the CLI has nothing to warm up. */
  private static final int WARM = Settings.number("BENCH_WARM", 500);

  private static final int CREATES = Settings.number("BENCH_CREATES", 20);
  private static final int DAEMONS = Settings.number("BENCH_DAEMONS", 10);

  /** Sandboxes that are ready before they are asked for, and callers that come at once. */
  private static final int STOCK = Settings.number("BENCH_STOCK", 10);

  private static final int BURST = Settings.number("BENCH_BURST", 20);
  private static final int INTERACTIVE = Settings.number("BENCH_INTERACTIVE", 100);
  private static final int CALLERS = Settings.number("BENCH_CALLERS", 50);
  private static final int SECONDS = Settings.number("BENCH_SECONDS", 10);
  private static final String TRUE = "/bin/true";

  /** Before each sample. */
  private static final long SETTLE_MILLIS = 50;

  /** Until what a start has left behind has settled. */
  private static final int IDLE_SECONDS = Settings.number("BENCH_IDLE_SECONDS", 15);

  private static final double PLAIN_MB = 20;
  private static final double DOCKER_MB = 110;
  private static final int STARTS = Settings.number("BENCH_STARTS", 5);
  private static final int CALLS = Settings.number("BENCH_CALLS", 500);
  private static final int VOLUME_MIB = Settings.number("BENCH_VOLUME_MIB", 64);

  /** What is measured; figures that set one part against another need both. */
  private static final List<String> PARTS =
      List.of(
          Settings.text("BENCH_PARTS", "many,execs,creates,daemons,warm,calls,output,starts,cpu").split(","));

  /** Set when the run is broken off: nothing more is made. */
  private static volatile boolean over;

  private final Caisson caisson =
      new Caisson(System.getenv("CAISSON_URL"), System.getenv("CAISSON_KEY"));
  private final DockerEngine engine = DockerEngine.ofHost();
  private final List<Figure> figures = new ArrayList<>();
  private final Map<String, Object> samples = new LinkedHashMap<>();
  private String isolation = "";
  private Figure.Samples cold = new Figure.Samples();

  public static void main(String[] args) throws Exception {
    new Bench().run();
  }

  private void run() throws Exception {
    Runtime.getRuntime().addShutdownHook(new Thread(this::cleanUp));
    Map<String, Object> machine = machine();
    try {
      // First what is busiest: it has compiled whatever the others measure.
      part("many", this::many);
      part("execs", this::execs);
      part("creates", this::creates);
      part("daemons", this::daemons);
      part("warm", this::warm);
      part("calls", this::calls);
      part("output", this::output);
      part("starts", this::starts);
      part("cpu", this::cpu);
    } finally {
      machine.put("isolation", isolation);
      machine.put("load at the end", load());
      write(machine);
    }
  }

  /** One of them, where it is wanted. */
  private interface Part {
    void run() throws Exception;
  }

  private static void part(String name, Part part) throws Exception {
    if (PARTS.contains(name)) {
      part.run();
    }
  }

  /** (a) A command in a sandbox that runs. */
  private void execs() throws Exception {
    say("exec of true, %d rounds", EXECS);
    String sandbox = id(caisson.create(IMAGE, false));
    String container = engine.containerOf(sandbox);
    Figure.Samples rest = new Figure.Samples();
    Figure.Samples cli = new Figure.Samples();
    Figure.Samples start = new Figure.Samples();
    Figure.Samples api = new Figure.Samples();
    Figure.Samples spawn = new Figure.Samples();
    for (int i = 0; i < WARM; i++) {
      HostSpawn.run(TRUE);
      caisson.exec(sandbox, "true");
    }
    for (int i = 0; i < EXECS; i++) {
      rest.add(settled(() -> caisson.exec(sandbox, "true")));
      cli.add(settled(() -> docker("exec", container, "true")));
      start.add(settled(() -> docker("--version")));
      api.add(settled(() -> engine.exec(container, "true")));
      spawn.add(settled(() -> HostSpawn.run(TRUE)));
    }
    Memory after = memory(container);
    caisson.delete(sandbox);
    keep("exec.rest", rest);
    keep("exec.docker", cli);
    keep("exec.dockerVersion", start);
    keep("exec.engineApi", api);
    keep("exec.posixSpawn", spawn);
    figures.add(Figure.faster("exec of `true`: REST, against `docker exec`", rest, cli, 25));
    figures.add(
        Figure.faster("its p99, against the p50 of `docker exec`", rest, 0.99, cli, 8));
    figures.add(Figure.shown("of which the CLI's own start: `docker --version`", "", start.said()));
    figures.add(
        Figure.faster("the same, against the engine's API (create, start, look)", rest, api, 12));
    figures.add(
        Figure.within("the same, against `posix_spawn` and `waitpid` on the host", rest, spawn, 4));
    figures.add(
        Figure.shown(
            "supervisor's private memory after " + (EXECS + WARM) + " execs, alone",
            after.said(),
            ""));
  }

  /** (b) From nothing to the end of two commands, as ComputeSDK counts. */
  private void creates() throws Exception {
    say("create and two commands, %d rounds", CREATES);
    Figure.Samples ours = new Figure.Samples();
    Figure.Samples kept = new Figure.Samples();
    Figure.Samples removed = new Figure.Samples();
    Map<String, Figure.Samples> stages = new LinkedHashMap<>();
    for (int i = -2; i < CREATES; i++) {
      Object[] sandbox = new Object[1];
      double created = settled(() -> sandbox[0] = caisson.create(IMAGE, false));
      double first = millis(() -> caisson.exec(id(sandbox[0]), "true"));
      double second = millis(() -> caisson.exec(id(sandbox[0]), "true"));
      caisson.delete(id(sandbox[0]));
      double run = settled(() -> docker("run", "--label", ByHand.LABEL, IMAGE, "true"));
      ByHand.removeAll(engine);
      double rm = settled(() -> docker("run", "--rm", "--label", ByHand.LABEL, IMAGE, "true"));
      if (i >= 0) {
        ours.add(created + first + second);
        kept.add(run);
        removed.add(rm);
        for (Object stage : Json.list(Json.at(sandbox[0], "startup", "stages"))) {
          stages
              .computeIfAbsent((String) Json.at(stage, "name"), _ -> new Figure.Samples())
              .add(((Long) Json.at(stage, "ms")).doubleValue());
        }
        stages.computeIfAbsent("first command", _ -> new Figure.Samples()).add(first);
        stages.computeIfAbsent("second", _ -> new Figure.Samples()).add(second);
      }
    }
    keep("create.rest", ours);
    keep("create.dockerRun", kept);
    keep("create.dockerRunRm", removed);
    figures.add(
        Figure.within(
            "cold: create to the end of two commands, against `docker run` (removal in neither)",
            ours,
            kept,
            1.3));
    figures.add(
        Figure.within(
            "the same, against `docker run --rm` (its removal included, ours not)",
            ours,
            removed,
            1.3));
    cold = ours;
    figures.add(
        Figure.shown(
            "of which, by stage (p50, ms)",
            String.join(
                ", ",
                stages.entrySet().stream()
                    .map(stage -> "%s %.0f".formatted(stage.getKey(), stage.getValue().p50()))
                    .toList()),
            ""));
  }

  /** (c) Until Docker is READY, and (d) what all that takes of memory. */
  private void daemons() throws Exception {
    say("Docker from cold, %d rounds", DAEMONS);
    Figure.Samples ready = new Figure.Samples();
    Figure.Samples wall = new Figure.Samples();
    Figure.Samples handReady = new Figure.Samples();
    Figure.Samples handWall = new Figure.Samples();
    ByHand hand = null;
    for (int i = -1; i < DAEMONS; i++) {
      Thread.sleep(SETTLE_MILLIS);
      long from = System.nanoTime();
      Object created = caisson.create(IMAGE, true);
      Object daemon = caisson.awaitDocker(id(created));
      caisson.exec(id(created), "docker", "version");
      double took = (System.nanoTime() - from) / 1e6;
      isolation = (String) Json.at(created, "isolation");
      if (hand == null) {
        hand = ByHand.like(engine, engine.containerOf(id(created)));
      }
      caisson.delete(id(created));
      Thread.sleep(SETTLE_MILLIS);
      ByHand.Run run = hand.start();
      engine.remove(run.container());
      if (i >= 0) {
        wall.add(took);
        ready.add(((Long) Json.at(daemon, "readyAfterMs")).doubleValue());
        handReady.add(run.readyMillis());
        handWall.add(run.startMillis() + run.readyMillis());
      }
    }
    keep("docker.ready", ready);
    keep("docker.wall", wall);
    keep("docker.byHandReady", handReady);
    keep("docker.byHandWall", handWall);
    figures.add(
        Figure.within(
            "daemons' start to READY (`readyAfterMs`), against by hand", ready, handReady, 1.15));
    figures.add(
        Figure.within(
            "cold: create to `docker version` answered, against container and daemons by hand",
            wall,
            handWall,
            1.15));
    memories(hand);
  }

  /** (e) With a pool: one at a time, one after another, all at once. */
  private void warm() throws Exception {
    say("warm, %d in the pool", STOCK);
    Warm warm = new Warm(caisson, IMAGE, STOCK);
    warm.begin();
    try {
      Figure.Samples ours = new Figure.Samples();
      Figure.Samples created = new Figure.Samples();
      Figure.Samples run = new Figure.Samples();
      for (int i = -2; i < CREATES; i++) {
        warm.fill();
        Thread.sleep(SETTLE_MILLIS);
        Warm.Interactive one = warm.interactive();
        double rm = settled(() -> docker("run", "--rm", "--label", ByHand.LABEL, IMAGE, "true"));
        if (i >= 0) {
          ours.add(one.millis());
          created.add(one.created());
          run.add(rm);
        }
      }
      keep("warm.interactive", ours);
      keep("warm.create", created);
      keep("warm.dockerRunRm", run);
      figures.add(
          Figure.faster(
              "warm: create to the end of two commands, against `docker run --rm`", ours, run, 20));
      figures.add(Figure.shown("of which the create", created.said(), ""));
      dockerWarm(warm);
      together(warm, ours);
    } finally {
      warm.end();
    }
  }

  private void dockerWarm(Warm warm) throws Exception {
    say("warm with Docker");
    Figure.Samples ours = new Figure.Samples();
    Figure.Samples hand = new Figure.Samples();
    String model = id(caisson.create(IMAGE, true));
    caisson.awaitDocker(model);
    ByHand byHand = ByHand.like(engine, engine.containerOf(model));
    caisson.delete(model);
    for (int i = -1; i < DAEMONS; i++) {
      double took = warm.docker();
      Thread.sleep(SETTLE_MILLIS);
      ByHand.Run run = byHand.start();
      engine.remove(run.container());
      if (i >= 0) {
        ours.add(took);
        hand.add(run.startMillis() + run.readyMillis());
      }
    }
    keep("warm.docker", ours);
    keep("warm.dockerByHand", hand);
    figures.add(
        Figure.faster(
            "warm: create to `docker version` answered, against container and daemons by hand",
            ours,
            hand,
            20));
  }

  /** As ComputeSDK measures: create, two commands, destroy; and so many at once. */
  private void together(Warm warm, Figure.Samples single) throws Exception {
    say("%d at once, %d one after another", BURST, INTERACTIVE);
    Figure.Samples burst = new Figure.Samples();
    warm.fill();
    long pooled = 0;
    for (Warm.Interactive each : warm.burst(BURST, BURST)) {
      burst.add(each.millis());
      pooled += each.pooled() ? 1 : 0;
    }
    keep("warm.burst", burst);
    double ratio = burst.percentile(0.95) / cold.p50();
    figures.add(
        new Figure(
            "%d at once, %d of them from the pool: p95, against one alone, cold"
                .formatted(BURST, pooled),
            burst.said() + ", p95 " + Figure.Samples.millis(burst.percentile(0.95)),
            cold.said(),
            ratio,
            "≤ 2 ×",
            ratio <= 2));
    Figure.Samples hundred = new Figure.Samples();
    warm.fill();
    for (Warm.Interactive each : warm.burst(INTERACTIVE, BURST)) {
      hundred.add(each.millis());
    }
    keep("warm.hundred", hundred);
    figures.add(
        Figure.shown(
            "%d of them, %d at once".formatted(INTERACTIVE, BURST),
            hundred.said(),
            "one alone, warm: " + single.said()));
    Figure.Samples sequential = new Figure.Samples();
    warm.fill();
    pooled = 0;
    for (int i = 0; i < INTERACTIVE; i++) {
      Warm.Interactive each = warm.interactive();
      sequential.add(each.millis());
      pooled += each.pooled() ? 1 : 0;
    }
    keep("warm.sequential", sequential);
    figures.add(
        Figure.shown(
            "%d one after another without a pause, %d from the pool".formatted(INTERACTIVE, pooled),
            sequential.said(),
            ""));
  }

  /** (i) A short call of a sandbox's Docker API on a connection of its own. */
  private void calls() throws Exception {
    say("calls of a daemon, %d rounds", CALLS);
    String sandbox = id(caisson.create(IMAGE, true));
    caisson.awaitDocker(sandbox);
    Calls calls = caisson.calls(sandbox);
    Figure.Samples path = new Figure.Samples();
    Figure.Samples forward = new Figure.Samples();
    for (int i = -WARM; i < CALLS; i++) {
      double ours = millis(calls::byPath);
      double theirs = millis(calls::byForward);
      if (i >= 0) {
        path.add(ours);
        forward.add(theirs);
      }
    }
    caisson.delete(sandbox);
    keep("calls.path", path);
    keep("calls.forward", forward);
    figures.add(
        Figure.within(
            "`GET /_ping` of a daemon on a new connection: by path, against a forward",
            path,
            forward,
            2));
  }

  /** (g) The output of one process to one follower, against the engine's log of the same. */
  private void output() throws Exception {
    say("%d MiB to a follower, 3 rounds", VOLUME_MIB);
    Volume volume = new Volume(caisson, engine, IMAGE, VOLUME_MIB);
    Figure.Samples ours = new Figure.Samples();
    Figure.Samples docker = new Figure.Samples();
    for (int i = 0; i < 3; i++) {
      ours.add(millis(volume::ours));
      docker.add(millis(volume::docker));
    }
    volume.end();
    keep("output.rest", ours);
    keep("output.dockerLogs", docker);
    figures.add(
        Figure.faster(
            "%d MiB of stdout to a follower, against `docker logs -f`".formatted(VOLUME_MIB),
            ours,
            docker,
            2));
  }

  /** (h) A service beside the one that is measured, from its start to its first answer. */
  private void starts() throws Exception {
    say("start of the service, %d rounds", STARTS);
    Figure.Samples starts = new Figure.Samples();
    for (int i = -1; i < STARTS; i++) {
      double took = ServiceStart.measured();
      if (i >= 0) {
        starts.add(took);
      }
    }
    keep("service.start", starts);
    figures.add(
        new Figure(
            "start of the service to its first answer, with its AOT cache",
            starts.said(),
            "",
            null,
            "≤ 2000 ms",
            starts.p50() <= 2000));
  }

  /** (j) What each unit of work costs in CPU time, of everything on the host. */
  private void cpu() throws Exception {
    say("CPU of a unit of work");
    int port = java.net.URI.create(System.getenv("CAISSON_URL")).getPort();
    try (CpuMeter meter = new CpuMeter(Cpu.listener(port))) {
      cpuOfExecs(meter);
      cpuOfCreates(meter);
      cpuOfDaemons(meter);
      cpuOfClaims(meter);
    }
  }

  private void cpuOfExecs(CpuMeter meter) throws Exception {
    String sandbox = id(caisson.create(IMAGE, false));
    String container = engine.containerOf(sandbox);
    for (int i = 0; i < WARM; i++) {
      caisson.exec(sandbox, "true");
      HostSpawn.run(TRUE);
    }
    Cpu.Cost rest = Cpu.of(meter, EXECS, () -> caisson.exec(sandbox, "true"));
    Cpu.Cost cli = Cpu.of(meter, EXECS, () -> docker("exec", container, "true"));
    Cpu.Cost spawn = Cpu.of(meter, EXECS, () -> HostSpawn.run(TRUE));
    caisson.delete(sandbox);
    cost("exec", "exec of `true`, against `docker exec`", rest, "docker exec", cli, cli.sum(), null);
    cost("exec", "the same, against `posix_spawn`", rest, "posix_spawn", spawn, spawn.withClient(), 3.0);
  }

  private void cpuOfCreates(CpuMeter meter) throws Exception {
    List<String> made = new ArrayList<>();
    Cpu.Cost ours = Cpu.of(meter, CREATES, () -> made.add(created(false)));
    Cpu.Cost run =
        Cpu.of(meter, CREATES, () -> docker("run", "--label", ByHand.LABEL, IMAGE, "true"));
    Cpu.Cost removed = Cpu.of(meter, CREATES, () -> caisson.delete(made.removeLast()));
    List<Object> containers = engine.labelled(ByHand.LABEL);
    Cpu.Cost byHand =
        Cpu.of(
            meter,
            containers.size(),
            () -> engine.remove((String) Json.at(containers.removeLast(), "Id")));
    cost("create", "cold create and one `true`, against `docker run`", ours, "docker run", run, run.sum(), 0.7);
    cost("remove", "removal, against `docker rm -f` by the API", removed, "docker rm", byHand, byHand.sum(), null);
  }

  private void cpuOfDaemons(CpuMeter meter) throws Exception {
    String model = id(caisson.create(IMAGE, true));
    caisson.awaitDocker(model);
    ByHand hand = ByHand.like(engine, engine.containerOf(model));
    caisson.delete(model);
    List<String> made = new ArrayList<>();
    Cpu.Cost ours = Cpu.of(meter, DAEMONS, () -> made.add(created(true)));
    for (String each : made) {
      caisson.delete(each);
    }
    Cpu.Cost byHand = Cpu.of(meter, DAEMONS, hand::start);
    ByHand.removeAll(engine);
    cost("docker", "cold create to Docker READY, against by hand", ours, "by hand", byHand, byHand.sum(), 1.0);
  }

  /** A claim and what the pool makes in its place, until it is full again. */
  private void cpuOfClaims(CpuMeter meter) throws Exception {
    Warm warm = new Warm(caisson, IMAGE, STOCK);
    warm.begin();
    try {
      warm.fill();
      List<String> made = new ArrayList<>();
      Cpu.Cost whole =
          Cpu.of(
              meter,
              STOCK,
              () -> {
                made.add(warm.claim());
                warm.fill();
              });
      for (String each : made) {
        caisson.delete(each);
      }
      samples.put("cpu.warm", whole.json());
      figures.add(
          Figure.shown("CPU: warm create, with what takes its place in the pool", whole.said(), ""));
    } finally {
      warm.end();
    }
  }

  private String created(boolean docker) throws IOException, InterruptedException {
    String sandbox = id(caisson.create(IMAGE, docker));
    if (docker) {
      caisson.awaitDocker(sandbox);
    } else {
      caisson.exec(sandbox, "true");
    }
    return sandbox;
  }

  private void cost(
      String key,
      String name,
      Cpu.Cost ours,
      String baseline,
      Cpu.Cost theirs,
      double seconds,
      Double most) {
    samples.put("cpu." + key, ours.json());
    samples.put("cpu." + key + "." + baseline, theirs.json());
    double ratio = ours.sum() / seconds;
    figures.add(
        new Figure(
            "CPU: " + name,
            ours.said(),
            theirs.said(),
            ratio,
            most == null ? null : "≤ " + Figure.number(most) + " ×",
            most == null ? null : ratio <= most));
  }

  /** (f) Execs a second with many callers, against loops on the host that have the same cores. */
  private void many() throws Exception {
    say("%d callers for %d s, twice each", CALLERS, SECONDS);
    // The loops have all processors; with the default of one the limit would be measured.
    int processors = Runtime.getRuntime().availableProcessors();
    String sandbox = id(caisson.createWith(IMAGE, processors));
    Figure.Samples latency = new Figure.Samples();
    double[] ours = new double[2];
    double[] host = new double[2];
    for (int i = 0; i < 2; i++) {
      ours[i] = rate(() -> caisson.exec(sandbox, "true"), latency);
      host[i] = rate(() -> HostSpawn.run(TRUE), new Figure.Samples());
    }
    caisson.delete(sandbox);
    keep("many.rest", latency);
    double ratio = (ours[0] + ours[1]) / (host[0] + host[1]);
    figures.add(
        new Figure(
            "execs a second, %d callers, against `posix_spawn` loops".formatted(CALLERS),
            "%.0f and %.0f, %s".formatted(ours[0], ours[1], latency.said()),
            "%.0f and %.0f".formatted(host[0], host[1]),
            ratio,
            "≥ 0.5",
            ratio >= 0.5));
  }

  private static double rate(Work work, Figure.Samples latency) throws Exception {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    long done = 0;
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new)) {
      List<Callable<Figure.Samples>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        callers.add(() -> {
          Figure.Samples each = new Figure.Samples();
          while (System.nanoTime() < end) {
            each.add(millis(work));
          }
          return each;
        });
      }
      for (Future<Figure.Samples> caller : threads.invokeAll(callers)) {
        done += caller.get().size();
        latency.add(caller.get());
      }
    }
    return done / (double) SECONDS;
  }

  private void memories(ByHand hand) throws Exception {
    say("memory, after %d s of nothing", IDLE_SECONDS);
    String plain = id(caisson.create(IMAGE, false));
    idle();
    Memory alone = memory(engine.containerOf(plain));
    String docker = id(caisson.create(IMAGE, true));
    caisson.awaitDocker(docker);
    String byHand = hand.start().container();
    idle();
    double cpuPlain = cpuMillis(engine.containerOf(plain));
    double cpuDocker = cpuMillis(engine.containerOf(docker));
    idle();
    double seconds = IDLE_SECONDS;
    cpuPlain = (cpuMillis(engine.containerOf(plain)) - cpuPlain) / seconds;
    cpuDocker = (cpuMillis(engine.containerOf(docker)) - cpuDocker) / seconds;
    Memory without = memory(engine.containerOf(plain));
    Memory with = memory(engine.containerOf(docker));
    Memory baseline = memory(byHand);
    figures.add(
        Figure.megabytes(
            "private memory of an idle sandbox, all its processes", without.all(), "", PLAIN_MB));
    figures.add(
        Figure.megabytes(
            "the same, with Docker, against by hand",
            with.all(),
            megabytes(baseline.all()),
            DOCKER_MB));
    figures.add(
        Figure.shown("of which the supervisor, alone on the host", alone.said(), ""));
    figures.add(
        Figure.shown(
            "the same, beside another sandbox, which shares the kit", without.said(), ""));
    figures.add(Figure.shown("the same, with Docker", with.said(), ""));
    figures.add(
        Figure.shown(
            "CPU of an idle sandbox; with Docker",
            "%.2f; %.2f ms a second".formatted(cpuPlain, cpuDocker),
            ""));
    caisson.delete(plain);
    caisson.delete(docker);
    engine.remove(byHand);
  }

  private static void idle() throws InterruptedException {
    Thread.sleep(IDLE_SECONDS * 1000L);
  }

  /** What all processes of a container have used so far, in steps of 10 ms each. */
  private double cpuMillis(String container) throws IOException {
    double ticks = 0;
    for (long pid : engine.processes(container).keySet()) {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
    return ticks * 10;
  }

  /**
   * Private memory in MB.
   *
   * @param dirty what of the supervisor's is no page of a file
   */
  private record Memory(double supervisor, double dirty, double all) {
    String said() {
      return megabytes(supervisor) + ", dirty " + megabytes(dirty);
    }
  }

  private Memory memory(String container) throws IOException {
    double supervisor = 0;
    double supervisorDirty = 0;
    double all = 0;
    for (Map.Entry<Long, String> process : engine.processes(container).entrySet()) {
      double clean = 0;
      double dirty = 0;
      for (String line :
          Files.readAllLines(Path.of("/proc/" + process.getKey() + "/smaps_rollup"))) {
        if (line.startsWith("Private_Clean:")) {
          clean += megabytesOf(line);
        } else if (line.startsWith("Private_Dirty:")) {
          dirty += megabytesOf(line);
        }
      }
      all += clean + dirty;
      if (process.getValue().equals("java")) {
        supervisor += clean + dirty;
        supervisorDirty += dirty;
      }
    }
    return new Memory(supervisor, supervisorDirty, all);
  }

  /** Of a line in the kernel's kB. */
  private static double megabytesOf(String line) {
    return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
  }

  private void keep(String name, Figure.Samples taken) {
    samples.put(name, taken.json());
  }

  private Map<String, Object> machine() throws Exception {
    Object info = engine.get("/info");
    String cpu =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 2))
            .findFirst()
            .orElse(System.getProperty("os.arch"));
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("measured", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    machine.put(
        "machine",
        "%s × %s, %.0f GiB"
            .formatted(
                Json.at(info, "NCPU"),
                cpu,
                ((Long) Json.at(info, "MemTotal")) / (double) (1 << 30)));
    machine.put("kernel", Json.at(info, "KernelVersion"));
    machine.put("system", Json.at(info, "OperatingSystem"));
    machine.put(
        "engine",
        "%s, %s, cgroup v%s, %s"
            .formatted(
                Json.at(info, "ServerVersion"),
                Json.at(info, "Driver"),
                Json.at(info, "CgroupVersion"),
                Json.write(Json.at(info, "SecurityOptions")).replaceAll("[\\[\\]\"]", "")));
    machine.put("docker CLI", output("docker", "--version"));
    machine.put("client", "Java " + System.getProperty("java.version"));
    machine.put("image", IMAGE);
    machine.put(
        "set otherwise",
        System.getenv().entrySet().stream()
            .filter(each -> each.getKey().startsWith("BENCH_"))
            .map(each -> each.getKey() + "=" + each.getValue())
            .sorted()
            .toList()
            .toString());
    machine.put("load at the start", load());
    return machine;
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }

  private void write(Map<String, Object> machine) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# Results of one run");
    lines.add("");
    lines.add(
        "What is measured, and how, is in [README.md](README.md); all samples are in"
            + " results.json.");
    lines.add("");
    lines.add("![ours and the baselines, on a scale of milliseconds](results.svg)");
    lines.add("");
    machine.forEach((name, value) -> lines.add("* " + name + ": " + value));
    lines.add("");
    lines.add("| figure | ours | baseline | ratio | aim | met |");
    lines.add("| --- | --- | --- | --- | --- | --- |");
    figures.forEach(figure -> lines.add(figure.row()));
    Files.write(Path.of("results.md"), lines);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("machine", machine);
    json.put("figures", figures.stream().map(Figure::json).toList());
    json.put("milliseconds", samples);
    Files.writeString(Path.of("results.json"), Json.write(json) + "\n");
    Files.writeString(Path.of("results.svg"), Plot.of(samples));
    lines.forEach(System.out::println);
  }

  private void cleanUp() {
    over = true;
    try {
      caisson.deleteAll();
      // A `docker run` under way would still make its container.
      for (ProcessHandle child : ProcessHandle.current().children().toList()) {
        child.onExit().get(10, TimeUnit.SECONDS);
      }
      ByHand.removeAll(engine);
    } catch (IOException | InterruptedException | ExecutionException | TimeoutException e) {
      System.err.println("bench: something may be left: " + e);
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  /** How long this takes; nobody pays for what the one before has left to be cleaned up. */
  private static double settled(Work work) throws Exception {
    Thread.sleep(SETTLE_MILLIS);
    return millis(work);
  }

  private static double millis(Work work) throws Exception {
    long from = System.nanoTime();
    work.run();
    return (System.nanoTime() - from) / 1e6;
  }

  private static void docker(String... arguments) throws Exception {
    if (over) {
      throw new IOException("the measurements were broken off");
    }
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    int code =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(String.join(" ", command) + ": exit code " + code);
    }
  }

  private static String output(String... command) throws IOException {
    return new String(new ProcessBuilder(command).start().getInputStream().readAllBytes()).strip();
  }

  private static String id(Object sandbox) {
    return (String) Json.at(sandbox, "id");
  }

  private static String megabytes(double value) {
    return String.format(Locale.ROOT, "%.1f MB", value);
  }

  private static void say(String what, Object... arguments) {
    System.err.println("bench: " + what.formatted(arguments));
  }
}
