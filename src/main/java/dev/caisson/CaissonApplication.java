package dev.caisson;

import dev.caisson.cli.Caisson;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the service; told what to do, it is the command line instead. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class CaissonApplication {
  public static void main(String[] args) {
    // The service takes options alone.
    if (args.length > 0 && !args[0].startsWith("-")) {
      Caisson.main(args);
      return;
    }
    SpringApplication.run(CaissonApplication.class, args);
  }
}
