package dev.caisson.console;

import dev.caisson.secret.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.web.servlet.resource.PathResourceResolver;

/**
 * The console's files, and its page with the style sheets and plain scripts in it: a browser paints
 * nothing before it has these, and a request for each would take a round trip or two. What is in
 * the page acts only if the content policy has its hash.
 */
class InlinedPage extends PathResourceResolver {
  private static final Pattern STYLE =
      Pattern.compile("<link rel=\"stylesheet\" href=\"/([^\"]+)\" />");
  private static final Pattern SCRIPT = Pattern.compile("<script src=\"/([^\"]+)\"></script>");

  private final Resource files;
  private final String name;
  private final Resource page;
  private final List<String> styles = new ArrayList<>();
  private final List<String> scripts = new ArrayList<>();

  /**
   * Reads the page and what it names.
   *
   * @param files the directory of all files, with a slash at its end
   * @param name the page's name in it
   */
  InlinedPage(Resource files, String name) {
    this.files = files;
    this.name = name;
    String text = SCRIPT.matcher(read(name)).replaceAll(found -> inlined("script", found, scripts));
    text = STYLE.matcher(text).replaceAll(found -> inlined("style", found, styles));
    page = new Page(text);
  }

  /** Returns the page as it is sent. */
  Resource page() {
    return page;
  }

  /** Returns the hashes of the style sheets in the page, as a content policy has them. */
  String styleHashes() {
    return hashes(styles);
  }

  /** Returns the hashes of the scripts in the page, as a content policy has them. */
  String scriptHashes() {
    return hashes(scripts);
  }

  @Override
  protected @Nullable Resource getResource(String path, Resource location) throws IOException {
    return path.equals(name) ? page : super.getResource(path, location);
  }

  private String inlined(String element, MatchResult found, List<String> into) {
    String content = "\n" + read(found.group(1));
    into.add(content);
    return Matcher.quoteReplacement("<" + element + ">" + content + "</" + element + ">");
  }

  private String read(String path) {
    try {
      return files.createRelative(path).getContentAsString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hashes(List<String> contents) {
    return contents.stream()
        .map(each -> Sha256.of(each.getBytes(StandardCharsets.UTF_8)))
        .map(hash -> "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'")
        .collect(Collectors.joining(" "));
  }

  /** The page as it is sent, under its name, which tells its type. */
  private final class Page extends ByteArrayResource {
    Page(String text) {
      super(text.getBytes(StandardCharsets.UTF_8), "the console's page");
    }

    @Override
    public String getFilename() {
      return name;
    }
  }
}
