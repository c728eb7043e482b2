package dev.caisson;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.modulith.core.ApplicationModules;

/** The door table of docs/architecture.md, and what no line of code may do. */
class ArchitectureTest {
  private static final JavaClasses CLASSES = ProductClasses.all();

  @Test
  void roomsGoThroughTheirDoorsOnly() {
    ApplicationModules.of(CaissonApplication.class).verify();
  }

  @Test
  void onlyTheEngineRoomSpeaksDockerJava() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.caisson.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.github.dockerjava..")
        .check(CLASSES);
  }

  @Test
  void onlyTheHistoryRoomSpeaksSql() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.caisson.history..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..")
        .check(CLASSES);
  }

  /**
   * Whoever makes a file that others must not read makes it by {@code SecretFile}; but for the
   * words of supervisors, which are made for each sandbox and lost with the host.
   */
  @Test
  void onlyTheSecretRoomWritesSecrets() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java/dev/caisson"))) {
      assertThat(
              sources
                  .filter(Files::isRegularFile)
                  .filter(source ->
                      !source
                          .toString()
                          .matches(".*/caisson/((secret|supervisor|cli)/.*|link/Words\\.java)"))
                  .filter(source -> read(source).contains("rw-------")))
          .isEmpty();
    }
  }

  private static String read(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void onlyTheArchiveRoomReadsTars() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.caisson.archive..", "dev.caisson.cli..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.apache.commons.compress.archivers.tar.TarArchiveInputStream")
        .check(CLASSES);
  }

  @Test
  void theHistoryRoomIsReachedThroughPortsOnly() {
    classes()
        .that()
        .resideInAPackage("dev.caisson.history..")
        .and()
        .areTopLevelClasses()
        .and()
        .haveSimpleNameNotEndingWith("package-info")
        .should()
        .notBePublic()
        .check(CLASSES);
  }

  @Test
  void theSupervisorNeedsNothingButJavaBase() {
    classes()
        .that()
        .resideInAPackage("dev.caisson.supervisor..")
        .and()
        .haveSimpleNameNotEndingWith("package-info")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.caisson.supervisor..",
            "java.io..",
            "java.lang..",
            "java.net..",
            "java.nio..",
            "java.security..",
            "java.time..",
            "java.util..",
            // Retained annotations, absent at run time and not missed.
            "org.jspecify.annotations..",
            "org.springframework.modulith")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.caisson.supervisor..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "java.lang.management..", "java.net.http..")
        .check(CLASSES);
  }

  @Test
  void theCommandLineSharesNothingWithTheServiceButTheJar() {
    classes()
        .that()
        .resideInAPackage("dev.caisson.cli..")
        .and()
        .haveSimpleNameNotEndingWith("package-info")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.caisson.cli..",
            "java..",
            "javax.net.ssl..",
            "picocli..",
            "tools.jackson..",
            "org.apache.commons.compress..",
            "org.jspecify.annotations..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.caisson.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(CLASSES);
  }

  /** Boot takes neither of two, and says nothing. */
  @Test
  void partsOfSpringMvcAreGivenInOnePlace() {
    noClasses()
        .that()
        .doNotHaveSimpleName("MvcParts")
        .should()
        .implement(WebMvcRegistrations.class)
        .check(CLASSES);
  }

  @Test
  void timeComesFromAClock() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
    noClasses()
        .that()
        .doNotHaveSimpleName("WebConfiguration")
        .and()
        .resideOutsideOfPackage("dev.caisson.supervisor..")
        .should()
        .callMethod(Clock.class, "systemUTC")
        .check(CLASSES);
  }

  @Test
  void aUnitTestIsCalledTest() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
      assertThat(sources.filter(source -> source.toString().endsWith("Tests.java"))).isEmpty();
    }
  }

  @Test
  void aLoggerIsCalledLog() {
    fields()
        .that()
        .haveRawType(Logger.class)
        .should()
        .haveName("log")
        .andShould()
        .bePrivate()
        .andShould()
        .beStatic()
        .andShould()
        .beFinal()
        .check(CLASSES);
  }

  @Test
  void noRoomIsAnotherRoomsCloset() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..common..",
            "..util..",
            "..utils..",
            "..config..",
            "..service..",
            "..impl..",
            "..dto..",
            "..helper..",
            "..model..")
        .check(CLASSES);
  }

  @Test
  void roomsDoNotNameEachOtherInCircles() {
    SlicesRuleDefinition.slices()
        .matching("dev.caisson.(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }
}
