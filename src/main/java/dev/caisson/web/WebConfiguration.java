package dev.caisson.web;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import io.swagger.v3.oas.annotations.servers.Server;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The contract's head, and the clock that all rooms ask. */
@Configuration
@OpenAPIDefinition(
    info =
        @Info(
            title = "Caisson",
            version = "1",
            description =
                "A REST service for sandboxes, each with processes that survive broken connections"
                    + " and a Docker daemon of its own. Every error is application/problem+json"
                    + " with a stable code."),
    servers = @Server(url = "/", description = "This service"),
    security = @SecurityRequirement(name = "key"))
@SecurityScheme(name = "key", type = SecuritySchemeType.HTTP, scheme = "bearer")
class WebConfiguration {

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  /**
   * Creates the contract as a bean of a configuration, since springdoc asks those last: what others
   * add is there then.
   */
  @Bean
  Contract contract(RecordSchemas records, JsonMapper json) {
    return new Contract(records, json);
  }
}
