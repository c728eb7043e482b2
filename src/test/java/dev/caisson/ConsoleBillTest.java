package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the console's bill and the notice say of its vendored scripts, against the scripts. */
class ConsoleBillTest {
  private static final Path RESOURCES = Path.of("src", "main", "resources");
  private static final Path VENDOR = RESOURCES.resolve(Path.of("static", "console", "vendor"));
  private final JsonNode bill;
  private final String notice;

  ConsoleBillTest() throws IOException {
    Path meta = RESOURCES.resolve("META-INF");
    bill = Api.JSON.readTree(Files.readString(meta.resolve(Path.of("sbom", "console.cdx.json"))));
    notice = Files.readString(meta.resolve("NOTICE"));
  }

  @Test
  void everyFileIsNamedWithItsSum() throws Exception {
    Map<String, String> there = new TreeMap<>();
    try (Stream<Path> files = Files.list(VENDOR)) {
      for (Path file : files.toList()) {
        byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        there.put(file.getFileName().toString(), HexFormat.of().formatHex(sum));
      }
    }
    Map<String, String> told = new TreeMap<>();
    for (JsonNode part : bill.get("components")) {
      for (JsonNode file : part.get("components")) {
        told.put(file.get("name").asString(), file.at("/hashes/0/content").asString());
      }
    }

    assertThat(told).as("run kit/console.sh update").isEqualTo(there);
  }

  @Test
  void everyPackageHasItsLicenceAndTheNoticeSaysWhere() {
    assertThat(bill.get("components")).hasSizeGreaterThan(3);
    for (JsonNode part : bill.get("components")) {
      String licence =
          part.get("components")
              .valueStream()
              .map(file -> file.get("name").asString())
              .filter(name -> name.endsWith(".LICENSE"))
              .findFirst()
              .orElseThrow();

      assertThat(notice)
          .containsPattern(
              "(?m)^  \\Q%s\\E +\\Q%s\\E +\\Q%s\\E$"
                  .formatted(
                      part.get("name").asString(),
                      part.at("/licenses/0/license/id").asString(),
                      licence));
    }
  }
}
