package dev.caisson.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

/**
 * Gives tests the {@link Api} of one service that runs for all of them, and is ended after the
 * last.
 */
public final class SharedService implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Api.class || type == ServiceProcess.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Running running =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.create(SharedService.class))
            .computeIfAbsent(Running.class, _ -> new Running(), Running.class);
    return parameter.getParameter().getType() == Api.class
        ? running.service.api()
        : running.service;
  }

  /** The service with a state directory of its own; closed by the store it is in. */
  private static final class Running implements AutoCloseable {
    private final Path home;
    private final ServiceProcess service;

    Running() {
      try {
        home = Files.createTempDirectory("caisson-test");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      service = ServiceProcess.start(home);
    }

    @Override
    public void close() throws IOException {
      service.close();
      FileSystemUtils.deleteRecursively(home);
    }
  }
}
