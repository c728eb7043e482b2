package dev.caisson.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.host.EngineReport;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Docker is meant by a version, or by the beginning of one. */
class DockerVersionsTest {
  private static final DockerVersions VERSIONS =
      new DockerVersions("28.5.2", List.of("26.1.5", "28.10.1", "26.1.10", "29.0.0-rc.1"));

  @ParameterizedTest
  @CsvSource({
    "28, 28.5.2",
    "28.5, 28.5.2",
    "28.5.2, 28.5.2",
    "28.10, 28.10.1",
    "26, 26.1.10",
    "26.1.5, 26.1.5",
    "29.0.0, 29.0.0-rc.1",
    "28.1,",
    "2,",
    "27,",
    "28.5.2.1,"
  })
  void theUsualOneIsMeantWhereItIsThatAndElseTheNewest(String asked, @Nullable String found) {
    assertThat(VERSIONS.find(asked)).isEqualTo(found);
  }

  @Test
  void theyAreThoseOfTheKitsThatSayTheirVersion() {
    DockerVersions found =
        DockerVersions.of(
            new EngineReport.Kit(
                true,
                true,
                "1",
                List.of(
                    kit("28.5.2", true),
                    kit("26.1.5", false),
                    kit(null, false),
                    kit("28.5.2", false),
                    kit("26.1.5", false))));

    assertThat(found).isEqualTo(new DockerVersions("28.5.2", List.of("26.1.5")));
    assertThat(found.named()).isEqualTo("28.5.2, 26.1.5");
  }

  @Test
  void aKitOfBeforeSaysNothing() {
    DockerVersions none = DockerVersions.of(new EngineReport.Kit(true, true, "1", List.of()));

    assertThat(none.find("28")).isNull();
    assertThat(none.named()).isEmpty();
  }

  private static EngineReport.DockerKit kit(@Nullable String version, boolean isDefault) {
    return new EngineReport.DockerKit("caisson/kit-docker", true, version, isDefault);
  }
}
