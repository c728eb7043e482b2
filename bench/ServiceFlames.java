import java.net.URI;
import java.nio.file.Path;

/** Flame graphs of the service: of commands, of sandboxes from a pool, made cold, and with Docker. */
final class ServiceFlames {
  private static final int EXECS = Settings.number("FLAME_EXECS", 5_000);
  private static final int CREATES = Settings.number("FLAME_CREATES", 50);
  private static final String IMAGE = Settings.text("BENCH_IMAGE", "debian:trixie-slim");
  private static final String TEMPLATE = "flames";

  private final Caisson caisson = new Caisson(System.getenv("CAISSON_URL"), System.getenv("CAISSON_KEY"));

  /**
   * @param arguments the profiler's library, and the directory to draw in
   */
  public static void main(String[] arguments) throws Exception {
    new ServiceFlames().draw(new Profiler(arguments[0], Path.of(arguments[1])));
  }

  private void draw(Profiler profiler) throws Exception {
    long service = Cpu.listener(URI.create(System.getenv("CAISSON_URL")).getPort());
    try {
      String sandbox = id(caisson.create(IMAGE, false));
      execs(sandbox, EXECS);
      profiler.draw(service, "exec-service", "The service in " + EXECS + " execs of true", () -> execs(sandbox, EXECS));
      profiler.draw(service, "cold-service", "The service in " + CREATES + " cold creates with a command and the removal", () -> {
        for (int i = 0; i < CREATES; i++) {
          use(id(caisson.create(IMAGE, false)));
        }
      });
      profiler.draw(service, "docker-service", "The service in " + CREATES / 2 + " cold creates with Docker, and the removal", () -> {
        for (int i = 0; i < CREATES / 2; i++) {
          String with = id(caisson.create(IMAGE, true));
          caisson.awaitDocker(with);
          use(with);
        }
      });
      caisson.template(TEMPLATE, IMAGE, false, 2);
      try {
        profiler.draw(service, "warm-service", "The service in " + CREATES + " warm creates with a command, the removal and the refill", () -> {
          for (int i = 0; i < CREATES; i++) {
            caisson.awaitPool(TEMPLATE, 2);
            use(id(caisson.createFrom(TEMPLATE)));
          }
        });
      } finally {
        caisson.forget(TEMPLATE);
      }
    } finally {
      caisson.deleteAll();
    }
  }

  private void use(String sandbox) throws Exception {
    caisson.exec(sandbox, "true");
    caisson.delete(sandbox);
  }

  private void execs(String sandbox, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      caisson.exec(sandbox, "true");
    }
  }

  private static String id(Object sandbox) {
    return (String) Json.at(sandbox, "id");
  }
}
