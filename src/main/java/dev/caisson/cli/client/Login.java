package dev.caisson.cli.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service and its key, as {@code login} stores them: in a file that its owner alone can read. */
public record Login(String url, String key) {

  public static Path file(Map<String, String> environment) {
    String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path base =
        config.isEmpty()
            ? Path.of(environment.getOrDefault("HOME", "/"), ".config")
            : Path.of(config);
    return base.resolve("caisson").resolve("login.json");
  }

  static @Nullable public Login read(Path file) {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      var stored = Json.read(Files.readAllBytes(file));
      String url = Json.text(stored, "url");
      String key = Json.text(stored, "key");
      if (url.isEmpty() || key.isEmpty()) {
        throw new CliException.Failed(
            file + " is not a valid login; caisson login writes a new one");
      }
      return new Login(url, key);
    } catch (IOException e) {
      throw new CliException.Failed("cannot read " + file, e);
    }
  }

  /**
   * Writes the file, whole or not at all, and never readable by other users, not even for a moment.
   */
  public void write(Path file) {
    PrivateFile.write(file, Json.bytes(Json.object().put("url", url).put("key", key)));
  }
}
