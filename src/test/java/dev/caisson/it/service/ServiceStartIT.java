package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.ServiceProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start is made of: settled in the build, unless one asks for something else. */
class ServiceStartIT {
  private static final String ENDPOINTS = "MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE";
  private static final String SETTLED = "AOT-processed";

  @TempDir Path home;

  @Test
  void isSettledInTheBuildAndWarnsOfNothing() {
    try (ServiceProcess service = ServiceProcess.start(home, Map.of(ENDPOINTS, "health,beans"))) {
      // The JVM tells of a cache that does not fit, or of which a part is not found.
      assertThat(service.logText()).contains(SETTLED).doesNotContain("[warning", "[error");
      assertThat(service.api().get("/actuator/beans").status()).isEqualTo(404);
    }
  }

  @Test
  void isFoundOutAnewWhereOneSaysSo() {
    Map<String, String> environment =
        Map.of(ENDPOINTS, "health,beans", "JDK_JAVA_OPTIONS", "-Dspring.aot.enabled=false");
    try (ServiceProcess service = ServiceProcess.start(home, environment)) {
      assertThat(service.logText()).doesNotContain(SETTLED);
      assertThat(service.api().get("/actuator/beans").status()).isEqualTo(200);
    }
  }
}
