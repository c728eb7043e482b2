package dev.caisson.console;

import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Where the console's files are. */
@Component
class ConsoleMapping extends SimpleUrlHandlerMapping {
  ConsoleMapping(ConsoleFiles files) {
    // Before Boot's own first page; no path here is anybody else's.
    super(Map.of("/", files, "/index.html", files, "/console/*/**", files), -1);
  }
}
