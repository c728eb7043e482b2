package dev.caisson.supervisor.setup;

import dev.caisson.supervisor.system.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The interface by which packets leave the sandbox. */
public final class Uplink {
  private static final String ANYWHERE = "00000000";

  private Uplink() {}

  /**
   * Returns the size in bytes of the largest packet that the interface carries; 0 where there is no
   * way out, or the system does not say.
   *
   * @param root of the sandbox's file system
   */
  public static int mtu(Path root) {
    try {
      for (String route : Files.readAllLines(root.resolve("proc/net/route"))) {
        String[] fields = route.split("\\s+", 3);
        if (fields.length == 3 && fields[1].equals(ANYWHERE)) {
          Path mtu = root.resolve("sys/class/net").resolve(fields[0]).resolve("mtu");
          return Integer.parseInt(Files.readString(mtu).strip());
        }
      }
    } catch (IOException | NumberFormatException e) {
      Log.debug("mtu of the way out not read", "error", e);
    }
    return 0;
  }
}
