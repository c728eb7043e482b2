package dev.caisson.engine.client;

import com.fasterxml.jackson.databind.MappingIterator;
import com.github.dockerjava.core.DockerClientConfig;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * A body of JSON answers, one after the other, read in the caller's thread: docker-java reads them
 * in a thread of its own, which neither a deadline nor a close before the first answer can end.
 */
public final class JsonAnswers {
  private JsonAnswers() {}

  /** Hands each answer on as it comes, until the body ends; returns how many there were. */
  public static <T> int read(InputStream body, Class<T> type, Consumer<T> listener)
      throws IOException {
    try (MappingIterator<T> answers =
        DockerClientConfig.getDefaultObjectMapper().readerFor(type).readValues(body)) {
      int count = 0;
      while (answers.hasNextValue()) {
        listener.accept(answers.nextValue());
        count++;
      }
      return count;
    }
  }
}
