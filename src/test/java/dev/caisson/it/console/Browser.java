package dev.caisson.it.console;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.springframework.util.FileSystemUtils;

/**
 * Debian's Chromium as {@code kit/browser.sh} installs it, with a profile of its own that has never
 * seen anything. Nothing is downloaded, and nobody is called who is not named in a test.
 */
public final class Browser implements AutoCloseable {
  private static final File PROGRAM = new File("/usr/bin/chromium");
  private static final File DRIVER = new File("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path profile;
  private final ChromeDriver driver;

  private Browser(Path profile, ChromeDriver driver) {
    this.profile = profile;
    this.driver = driver;
  }

  /** One with a window of a desktop's size. */
  public static Browser start() {
    return start(1280, 800);
  }

  /** One with a window of this size. */
  static Browser start(int width, int height) {
    Path profile;
    try {
      profile = Files.createTempDirectory("caisson-browser");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(PROGRAM);
    options.addArguments(
        "--headless=new",
        "--window-size=" + width + "," + height,
        "--user-data-dir=" + profile,
        // Tests run as root, where its own sandbox is not to be had.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync");
    try {
      ChromeDriver driver =
          new ChromeDriver(
              new ChromeDriverService.Builder()
                  .usingDriverExecutable(DRIVER)
                  .usingAnyFreePort()
                  .withLogFile(profile.resolve("driver.log").toFile())
                  .build(),
              options);
      driver.manage().timeouts().pageLoadTimeout(PATIENCE).scriptTimeout(PATIENCE);
      return new Browser(profile, driver);
    } catch (RuntimeException e) {
      remove(profile);
      throw e;
    }
  }

  /** The driver itself, for all that is not here. */
  ChromeDriver driver() {
    return driver;
  }

  /** Shows a page; the HTTP status that it came with. */
  int open(String url) {
    driver.get(url);
    Object status =
        driver.executeScript("return performance.getEntriesByType('navigation')[0].responseStatus");
    return ((Number) Objects.requireNonNull(status)).intValue();
  }

  /** The address that is shown. */
  String address() {
    return Objects.requireNonNull(driver.getCurrentUrl());
  }

  /** What a script of the page returns. */
  @Nullable
  public Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** What a promise of the page comes to; it is waited for. */
  @Nullable Object await(String promise) {
    return driver.executeAsyncScript(
        "const done = arguments[arguments.length - 1];"
            + "Promise.resolve("
            + promise
            + ").then(done, error => done('rejected: ' + error));");
  }

  /** A picture of what is shown. */
  void picture(Path file) {
    try {
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      driver.quit();
    } finally {
      remove(profile);
    }
  }

  private static void remove(Path profile) {
    try {
      FileSystemUtils.deleteRecursively(profile);
    } catch (IOException e) {
      // Its last processes may still write there; what is left is in the temporary directory.
      System.err.println("a browser's profile is left: " + e);
    }
  }
}
