package dev.caisson.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Looks for secrets where none may be: in the command lines and environments of all processes of
 * the host for as long as it is open, and in files.
 */
public final class SecretHunt implements AutoCloseable {
  /** Shorter than any call of the CLI; without a pause this would take a processor for itself. */
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  private final List<String> needles = new ArrayList<>();
  private final Set<String> found = ConcurrentHashMap.newKeySet();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean over;

  public SecretHunt(List<String> secrets) {
    for (String secret : secrets) {
      needles.add(secret);
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      // In the middle of a longer text it has one of three forms; the last letters may differ.
      for (int shift = 0; shift < 3; shift++) {
        byte[] shifted = new byte[shift + bytes.length];
        System.arraycopy(bytes, 0, shifted, shift, bytes.length);
        String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        needles.add(text.substring(shift == 0 ? 0 : shift + 1, text.length() - 2));
      }
    }
    thread = Thread.ofPlatform().name("secret-hunt").start(this::watch);
  }

  private void watch() {
    while (!over) {
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
        processes.forEach(this::look);
      } catch (IOException e) {
        found.add("/proc cannot be read: " + e);
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  private void look(Path process) {
    try {
      String line = read(process.resolve("cmdline"));
      seen.add(line.replace('\0', ' ').strip());
      check(process + "/cmdline " + line.replace('\0', ' '), line);
      check(process + "/environ of " + line.replace('\0', ' '), read(process.resolve("environ")));
    } catch (IOException e) {
      // It has ended meanwhile.
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  /** Remembers that a secret is in a text, if it is. */
  public void check(String where, String text) {
    if (needles.stream().anyMatch(text::contains)) {
      found.add(where);
    }
  }

  /** Looks through all files below. */
  public void checkFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        check(file.toString(), read(file));
      }
    }
  }

  /** Where there were any. */
  public Set<String> found() {
    return found;
  }

  /** The command lines that were looked at. */
  public Set<String> commandLines() {
    return seen;
  }

  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
