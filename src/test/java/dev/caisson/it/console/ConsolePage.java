package dev.caisson.it.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The console in a browser, as somebody uses it: what is waited for is what they would see. */
public final class ConsolePage implements AutoCloseable {
  /** By which axe names the success criteria of WCAG 2, levels A and AA. */
  private static final String CRITERIA =
      "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']";

  private static final String AXE = script("/axe.min.js");

  private final Browser browser;
  private final String base;
  private final String key;

  /** Whether something is kept from loading, so that loading it again does not help. */
  private boolean blocking;

  public ConsolePage(Browser browser, String base, String key) {
    this.browser = browser;
    this.base = base;
    this.key = key;
  }

  private static String script(String resource) {
    try (InputStream in = ConsolePage.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Browser browser() {
    return browser;
  }

  /** Shows it to somebody who has signed in to nothing. */
  public void visit() {
    browser.open(base + "/");
    browser.run("sessionStorage.clear(); localStorage.clear()");
    assertThat(browser.open(base + "/")).isEqualTo(200);
    loaded();
    see("h1", "Caisson");
  }

  /** Shows a screen to somebody who has signed in. */
  public void show(String... parts) {
    browser.run("sessionStorage.setItem('caisson.key', arguments[0])", key);
    browser.run("location.hash = arguments[0]", "#/" + String.join("/", parts));
    load();
    see("h1", "");
  }

  /** Loads anew what is shown. */
  void load() {
    browser.driver().navigate().refresh();
    loaded();
  }

  /**
   * Loads the page again if a part of it did not load, as its button would: Chromium ends requests
   * when a network interface of the host comes or goes, which containers bring about.
   */
  private void loaded() {
    for (int i = 0; i < 5 && !blocking; i++) {
      Object state =
          Eventually.holds(
              () ->
                  browser.run(
                      """
                      return document.querySelector('#unloaded')?.hidden === false ? 'failed'
                        : document.querySelector('#console > :not(#loading)') ? 'loaded'
                        : performance.now() > 20000 ? 'nothing'
                        : null
                      """),
              Objects::nonNull);
      if ("loaded".equals(state)) {
        return;
      }
      browser.driver().navigate().refresh();
    }
  }

  /** From here on nothing comes of addresses like these. */
  void block(String... patterns) {
    blocking = patterns.length > 0;
    browser.driver().executeCdpCommand("Network.enable", Map.of());
    browser.driver().executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of(patterns)));
  }

  /** Goes to another screen, as a link of the page would. */
  public void go(String... parts) {
    browser.run("location.hash = arguments[0]", "#/" + String.join("/", parts));
  }

  /** Waits until an element that this selects is seen with this text in it. */
  public WebElement see(String selector, String text) {
    return wait(selector, text, Optional::isPresent).orElseThrow();
  }

  /** Waits until none is seen any more. */
  void seeNo(String selector, String text) {
    wait(selector, text, Optional::isEmpty);
  }

  private Optional<WebElement> wait(
      String selector, String text, Predicate<Optional<WebElement>> wanted) {
    try {
      return Eventually.holds(() -> find(selector, text), wanted);
    } catch (AssertionError e) {
      throw new AssertionError(
          "%s with '%s' at %s; the browser said %s; the page is %s"
              .formatted(
                  selector,
                  text,
                  browser.address(),
                  log(),
                  browser.run("return document.documentElement.outerHTML")),
          e);
    }
  }

  private Optional<WebElement> find(String selector, String text) {
    return element(
        """
        return [...document.querySelectorAll(arguments[0])].find(each =>
          each.checkVisibility()
            && each.textContent.replace(/\\s+/g, ' ').includes(arguments[1])) ?? null
        """,
        selector,
        text);
  }

  private Optional<WebElement> element(String script, Object... arguments) {
    return Optional.ofNullable((WebElement) browser.run(script, arguments));
  }

  /** Waits for a button or a link of this name, as it is told to those who do not see it. */
  WebElement named(String name) {
    return Eventually.holds(
            () ->
                element(
                    """
                    const within = document.querySelector('dialog[open]') ?? document;
                    const name = (each) => {
                      const told = each.cloneNode(true);
                      told.querySelectorAll('[aria-hidden=true]').forEach((part) => part.remove());
                      return (each.ariaLabel ?? told.textContent).replace(/\\s+/g, ' ').trim();
                    };
                    return [...within.querySelectorAll('button, a, summary')].find((each) =>
                      each.checkVisibility() && !each.disabled && name(each) === arguments[0]) ?? null
                    """,
                    name),
            Optional::isPresent)
        .orElseThrow();
  }

  /** Presses what has this name; drawn anew meanwhile, it is looked for again. */
  public void press(String name) {
    Eventually.holds(
        () -> {
          try {
            named(name).click();
            return true;
          } catch (StaleElementReferenceException e) {
            return false;
          }
        },
        pressed -> pressed);
  }

  /** Fills in a field, in place of what it has. */
  public void fill(String selector, String text) {
    WebElement field = see(selector, "");
    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
  }

  /** Types where the keyboard is. */
  public void type(CharSequence... keys) {
    new Actions(browser.driver()).sendKeys(keys).perform();
  }

  /** Marks all of the field that the keyboard is in. */
  void selectAll() {
    new Actions(browser.driver()).keyDown(Keys.CONTROL).sendKeys("a").keyUp(Keys.CONTROL).perform();
  }

  /** Goes with Tab alone to what has this name, or is selected by this. */
  void tabTo(String wanted) {
    String where =
        """
        const here = document.activeElement;
        return (here.ariaLabel ?? here.labels?.[0]?.firstElementChild?.textContent ?? here.textContent).trim()
        """;
    for (int i = 0; i < 60; i++) {
      type(Keys.TAB);
      if (wanted.equals(browser.run(where))) {
        return;
      }
    }
    throw new AssertionError(
        "Tab does not lead to " + wanted + ", but to " + browser.run(where) + " at last");
  }

  /** What a terminal shows, once that holds this. */
  public String terminal(Predicate<String> wanted) {
    return Eventually.holds(
        () -> {
          // Of an image of the screen that is drawn anew all the time, the text is taken at once.
          Object text =
              browser.run(
                  """
                  const screen = document.querySelector('.terminal .screen')?.terminal;
                  if (!screen) { return ''; }
                  const lines = [];
                  for (let i = 0; i < screen.buffer.active.length; i++) {
                    lines.push(screen.buffer.active.getLine(i).translateToString(true));
                  }
                  return lines.join('\\n')
                  """);
          return String.valueOf(text);
        },
        wanted);
  }

  /** As somebody with a phone, or with a desktop, sees it. */
  void size(int width, int height, boolean phone) {
    browser
        .driver()
        .executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
  }

  /** As the system of somebody who likes it dark, or light. */
  void theme(String scheme) {
    browser
        .driver()
        .executeCdpCommand(
            "Emulation.setEmulatedMedia",
            Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Nothing of what is shown keeps anybody out, and all of it fits. */
  void isForEverybody(String what) {
    Object wide =
        browser.run(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(((Number) Objects.requireNonNull(wide)).intValue())
        .as("%s is scrolled sideways as a whole", what)
        .isLessThanOrEqualTo(0);
    if (!Boolean.TRUE.equals(browser.run("return typeof axe === 'object'"))) {
      browser.run(AXE);
    }
    Object found;
    try {
      found =
          browser.await(
              "axe.run(document, {resultTypes: ['violations'], runOnly: "
                  + CRITERIA
                  + "}).then(({violations}) => violations.map(({id, nodes}) =>"
                  + " id + ': ' + nodes.map(({html}) => html).slice(0, 3).join(' ')))");
    } catch (JavascriptException e) {
      throw new AssertionError(what, e);
    }
    assertThat(found).as(what).isEqualTo(List.of());
  }

  /**
   * What went wrong in the page since this was asked the last time: refused by its policy, or
   * thrown.
   */
  public List<String> wrongs() {
    return log().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(LogEntry::getMessage)
        // An answer that is a problem is news to the page, and no fault of it.
        .filter(message -> !message.contains("Failed to load resource"))
        .filter(message -> !message.contains("WebSocket connection to"))
        .filter(message -> !message.contains("net::ERR_"))
        .toList();
  }

  private List<LogEntry> log() {
    return browser.driver().manage().logs().get(LogType.BROWSER).getAll();
  }

  /** Where what is downloaded is put. */
  void downloadTo(Path directory) {
    browser
        .driver()
        .executeCdpCommand(
            "Browser.setDownloadBehavior",
            Map.of("behavior", "allow", "downloadPath", directory.toString()));
  }

  /** Drops a file with this text onto what is selected. */
  void drop(String selector, String name, String text) {
    see(selector, "");
    browser.run(
        """
        const data = new DataTransfer();
        data.items.add(new File([arguments[2]], arguments[1]));
        for (const type of ['dragover', 'drop']) {
          document.querySelector(arguments[0]).dispatchEvent(
            new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true}));
        }
        """,
        selector,
        name,
        text);
  }

  @Override
  public void close() {
    browser.close();
  }
}
