package dev.caisson.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * The maker of the directories of the database and of the archive, readable by their owner alone,
 * before H2 would make one that all users may read.
 */
@Component
final class HistoryDirectory implements BeanFactoryPostProcessor, EnvironmentAware {
  private Path home = Path.of("/var/lib/caisson");

  @Override
  public void setEnvironment(Environment environment) {
    home = Path.of(environment.getRequiredProperty("caisson.sandbox.home"));
  }

  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
    make(home.resolve("database"));
    make(home.resolve("sandboxes"));
  }

  static void make(Path directory) {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + directory + ", in the state directory", e);
    }
  }
}
