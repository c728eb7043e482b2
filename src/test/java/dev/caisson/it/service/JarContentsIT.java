package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Whose work the jar carries is said in it: of every library, and of copies inside of libraries.
 */
class JarContentsIT {
  /** Copies under another name, that no version of ours reaches. */
  private static final Pattern COPY =
      Pattern.compile("/(shaded?|shadow|repackaged|relocated|vendored)/", Pattern.CASE_INSENSITIVE);

  /**
   * Those that are known: protobuf that only writes, SCRAM for our own database, a number's digits.
   */
  private static final List<String> KNOWN =
      List.of("jackson-core", "postgresql", "prometheus-metrics-exposition-formats");

  private static ZipFile jar;

  @BeforeAll
  static void open() throws IOException {
    jar = new ZipFile(Path.of("target", "caisson.jar").toFile());
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  @Test
  void everyLibraryIsInTheListOfLicencesAndInTheBill() throws IOException {
    String licences = text("META-INF/THIRD-PARTY.txt");
    JsonNode bill = Api.JSON.readTree(text("META-INF/sbom/application.cdx.json"));
    List<String> billed =
        bill.get("components")
            .valueStream()
            .map(part -> part.get("name").asString() + "-" + part.get("version").asString())
            .toList();

    List<String> libraries =
        libraries().stream()
            .map(JarContentsIT::name)
            // Put in by Boot itself as it packs, of its own version: it unpacks the jar.
            .filter(name -> !name.startsWith("spring-boot-jarmode-tools-"))
            .toList();

    assertThat(libraries).hasSizeGreaterThan(50);
    assertThat(billed).containsAll(libraries);
    assertThat(libraries)
        .allSatisfy(library ->
            assertThat(licences)
                .containsPattern(
                    "(?m)^ +\\(.+\\) .*:"
                        + library.replaceFirst("-(\\d)", ":$1").replace(".", "\\.")
                        + " - "));
  }

  @Test
  void itHasItsNoticeAndTheLicencesOfTheConsolesScripts() throws IOException {
    assertThat(text("META-INF/NOTICE")).contains("META-INF/THIRD-PARTY.txt");
    String vendor = "BOOT-INF/classes/static/console/vendor/";
    assertThat(text(vendor + "preact.LICENSE")).contains("MIT", "Jason Miller");
    assertThat(text(vendor + "xterm.LICENSE")).contains("Permission is hereby granted");
    assertThat(text(vendor + "htm.LICENSE")).contains("Apache License");
  }

  @Test
  void noLibraryHidesACopyOfAnother() throws IOException {
    List<String> hiding = new ArrayList<>();
    for (ZipEntry library : libraries()) {
      if (hides(library)) {
        hiding.add(name(library).replaceFirst("-\\d.*", ""));
      }
    }

    assertThat(hiding).isSubsetOf(KNOWN);
  }

  @Test
  void theCommandLineHasAJarOfItsOwnWithoutTheService() throws IOException {
    try (ZipFile cli = new ZipFile(Path.of("target", "caisson-cli.jar").toFile())) {
      assertThat(cli.stream().map(ZipEntry::getName))
          .contains("dev/caisson/cli/Caisson.class", "META-INF/THIRD-PARTY.txt")
          .noneMatch(name -> name.startsWith("org/springframework/"))
          .filteredOn(name -> name.matches("dev/caisson/.*\\.class"))
          .allMatch(name -> name.startsWith("dev/caisson/cli/"));
    }
    assertThat(Files.size(Path.of("target", "caisson-cli.jar"))).isLessThan(8L << 20);
  }

  private static boolean hides(ZipEntry library) throws IOException {
    int projects = 0;
    boolean copy = false;
    try (ZipInputStream entries = new ZipInputStream(jar.getInputStream(library))) {
      for (ZipEntry entry; (entry = entries.getNextEntry()) != null; ) {
        projects += entry.getName().endsWith("/pom.properties") ? 1 : 0;
        copy |= COPY.matcher(entry.getName()).find();
      }
    }
    return copy || projects > 1;
  }

  private static List<? extends ZipEntry> libraries() {
    return jar.stream().filter(entry -> entry.getName().matches("BOOT-INF/lib/.+\\.jar")).toList();
  }

  private static String name(ZipEntry library) {
    return library.getName().replaceAll(".*/|\\.jar$", "");
  }

  private static String text(String name) throws IOException {
    ZipEntry entry = jar.getEntry(name);
    assertThat(entry).as(name).isNotNull();
    try (InputStream content = jar.getInputStream(entry)) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
