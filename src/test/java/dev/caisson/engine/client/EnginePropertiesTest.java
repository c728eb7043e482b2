package dev.caisson.engine.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** What the engine's configuration is by itself, and when it is given. */
class EnginePropertiesTest {

  @Test
  void byItselfItIsTheUsualSocketAndTheKitOfTheBuild() {
    with(properties -> {
      assertThat(properties.endpoint(Map.of()))
          .isEqualTo(URI.create("unix:///var/run/docker.sock"));
      assertThat(properties.kitImage()).isEqualTo("caisson/kit");
      assertThat(properties.kitDockerImage()).isEqualTo("caisson/kit-docker");
      assertThat(properties.kitDockerImages()).isEmpty();
      assertThat(properties.pingDeadline()).isEqualTo(Duration.ofSeconds(2));
      assertThat(properties.callDeadline()).isEqualTo(Duration.ofSeconds(30));
      assertThat(properties.removeDeadline()).isEqualTo(Duration.ofMinutes(2));
      assertThat(properties.kitDeadline()).isEqualTo(Duration.ofMinutes(5));
      assertThat(properties.pullDeadline()).isEqualTo(Duration.ofMinutes(15));
      assertThat(properties.connections()).isEqualTo(64);
      assertThat(properties.streams()).isEqualTo(256);
      assertThat(properties.supervisorLogLevel(Map.of())).isEmpty();
    });
  }

  @Test
  void theEnvironmentIsHeardWhereNothingIsConfigured() {
    with(properties -> {
      assertThat(properties.endpoint(Map.of("DOCKER_HOST", "tcp://engine:2375")))
          .isEqualTo(URI.create("tcp://engine:2375"));
      assertThat(properties.endpoint(Map.of("DOCKER_HOST", " ")))
          .isEqualTo(URI.create("unix:///var/run/docker.sock"));
      assertThat(properties.supervisorLogLevel(Map.of("LOG_LEVEL", "debug"))).hasValue("debug");
    });
  }

  @Test
  void everythingCanBeSet() {
    with(
        properties -> {
          assertThat(properties.endpoint(Map.of("DOCKER_HOST", "tcp://other:1")))
              .isEqualTo(URI.create("unix:///run/engine.sock"));
          assertThat(properties.kitImage()).isEqualTo("mine/kit");
          assertThat(properties.kitDockerImage()).isEqualTo("mine/kit-docker");
          assertThat(properties.kitDockerImages()).containsExactly("mine/other:1", "mine/third");
          assertThat(properties.pingDeadline()).isEqualTo(Duration.ofSeconds(1));
          assertThat(properties.callDeadline()).isEqualTo(Duration.ofSeconds(2));
          assertThat(properties.removeDeadline()).isEqualTo(Duration.ofSeconds(3));
          assertThat(properties.kitDeadline()).isEqualTo(Duration.ofSeconds(4));
          assertThat(properties.pullDeadline()).isEqualTo(Duration.ofSeconds(5));
          assertThat(properties.connections()).isEqualTo(6);
          assertThat(properties.streams()).isEqualTo(7);
          assertThat(properties.supervisorLogLevel(Map.of())).hasValue("trace");
        },
        "caisson.engine.host=unix:///run/engine.sock",
        "caisson.engine.kit-image=mine/kit",
        "caisson.engine.kit-docker-image=mine/kit-docker",
        "caisson.engine.kit-docker-images=mine/other:1,mine/third",
        "caisson.engine.ping-deadline=1s",
        "caisson.engine.call-deadline=2s",
        "caisson.engine.remove-deadline=3s",
        "caisson.engine.kit-deadline=4s",
        "caisson.engine.pull-deadline=5s",
        "caisson.engine.connections=6",
        "caisson.engine.streams=7",
        "caisson.engine.log-level=trace");
  }

  @Test
  void aDeadlineOfNothingIsRefusedAtTheStart() {
    runner("caisson.engine.call-deadline=0s")
        .run(context ->
            assertThat(context)
                .hasFailed()
                .getFailure()
                .rootCause()
                .hasMessageContaining("callDeadline"));
  }

  private static void with(Consumer<EngineProperties> check, String... values) {
    runner(values).run(context -> check.accept(context.getBean(EngineProperties.class)));
  }

  private static ApplicationContextRunner runner(String... values) {
    return new ApplicationContextRunner()
        .withUserConfiguration(Binding.class)
        .withPropertyValues(values);
  }

  /** Nothing but the properties. */
  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(EngineProperties.class)
  static class Binding {}
}
