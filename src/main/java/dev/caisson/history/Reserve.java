package dev.caisson.history;

import dev.caisson.sandbox.SandboxProperties;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Space in the state directory that nothing takes until the disk is full: given up then, it lets
 * the database go on while its operator makes room.
 */
@Component
final class Reserve {
  private static final Logger log = LoggerFactory.getLogger(Reserve.class);
  private static final int BYTES = 16 << 20;

  /**
   * The multiple of the space that must be free for it to be taken, so that it is never the last.
   */
  private static final int TIMES = 8;

  private final Path file;

  Reserve(SandboxProperties properties) {
    this.file = properties.home().resolve("reserve");
  }

  /** Takes the space where there is room and it is not taken already. */
  void take() {
    try {
      if (Files.notExists(file)
          && Files.getFileStore(file.getParent()).getUsableSpace() > (long) TIMES * BYTES) {
        write();
      }
    } catch (IOException e) {
      log.warn("no space is held in reserve: {}", e.getMessage());
    }
  }

  private void write() throws IOException {
    Path part = Path.of(file + ".part");
    try (OutputStream out = Files.newOutputStream(part)) {
      byte[] block = new byte[1 << 20];
      for (int i = 0; i < BYTES / block.length; i++) {
        out.write(block);
      }
      Files.move(part, file);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Gives the space up, the database having had none; returns whether there was any. */
  boolean giveUp() {
    try {
      boolean given = Files.deleteIfExists(file);
      if (given) {
        log.warn("the database was closed, as a full disk does: the space in reserve is given up");
      }
      return given;
    } catch (IOException e) {
      log.warn("the space in reserve cannot be given up: {}", e.getMessage());
      return false;
    }
  }
}
