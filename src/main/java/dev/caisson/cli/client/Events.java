package dev.caisson.cli.client;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A stream of server-sent events, read as they come. */
public final class Events implements Closeable {
  private final BufferedReader lines;
  private String lastId;

  /**
   * Creates a reader of this stream.
   *
   * @param lastId the id to resume after, next time, until an event has come
   */
  public Events(InputStream stream, String lastId) {
    this.lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    this.lastId = lastId;
  }

  /** An event of the stream. */
  public record Event(String name, JsonNode data) {}

  /** Returns the id of the last event that was whole. */
  public String lastId() {
    return lastId;
  }

  /**
   * Reads the next event; null where the stream is over. An event that was cut off in the middle is
   * none.
   */
  @Nullable
  public Event next() throws IOException {
    String name = "message";
    String id = lastId;
    StringBuilder data = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          lastId = id;
          return new Event(name, Json.read(data.toString()));
        }
        name = "message";
        id = lastId;
        continue;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
      switch (field) {
        case "event" -> name = value;
        case "id" -> id = value;
        case "data" -> data.append(value).append('\n');
        default -> {
          // A comment, which keeps the connection alive.
        }
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
