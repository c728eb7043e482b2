package dev.caisson.console;

import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** The paths of the console's files. */
@Component
class ConsoleMapping extends SimpleUrlHandlerMapping {
  ConsoleMapping(ConsoleFiles files) {
    // Before Boot's own first page; these paths are the console's alone.
    super(Map.of("/", files, "/index.html", files, "/console/*/**", files), -1);
  }
}
