package dev.caisson;

import dev.caisson.cli.Caisson;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the service; told what to do, it is the command line instead. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class CaissonApplication {
  private static final String AHEAD_OF_TIME = "spring.aot.enabled";

  public static void main(String[] args) throws Exception {
    // The service takes options alone.
    if (args.length > 0 && !args[0].startsWith("-")) {
      Caisson.main(args);
      return;
    }
    // A jar has been told in its build what a start is made of. Classes alone may have changed.
    boolean packaged = CaissonApplication.class.getPackage().getImplementationVersion() != null;
    if (packaged && System.getProperty(AHEAD_OF_TIME) == null) {
      System.setProperty(AHEAD_OF_TIME, "true");
    }
    if (List.of(args).equals(List.of("--rehearse"))) {
      Rehearsal.run();
    } else {
      SpringApplication.run(CaissonApplication.class, args);
    }
  }
}
