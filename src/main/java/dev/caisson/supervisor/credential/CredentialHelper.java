package dev.caisson.supervisor.credential;

import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.system.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The set-up by which the Docker CLI finds credentials with the supervisor. */
public final class CredentialHelper {
  private CredentialHelper() {}

  /**
   * Opens the helper's socket, and makes a configuration that names the helper. Without a
   * configuration of its own the CLI finds it by itself: on the PATH it has a name that the CLI
   * looks for.
   */
  public static void prepare(DaemonLayout layout, CredentialStore credentials) {
    try {
      CredentialSocket.open(credentials, layout.credentialSocket());
      Path config = Files.createDirectories(layout.clientConfig());
      Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rwx------"));
      Files.writeString(config.resolve("config.json"), "{\"credsStore\":\"caisson\"}");
    } catch (IOException e) {
      // Docker works all the same, without credentials.
      Log.warn("registry credentials cannot be kept", "error", e);
    }
  }
}
