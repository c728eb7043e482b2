package dev.caisson.web;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.time.Clock;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The contract's head, and the clock everybody asks. */
@Configuration
@OpenAPIDefinition(
    info =
        @Info(
            title = "Caisson",
            version = "1",
            description =
                "Sandboxes over REST, each with processes that lose nothing and a Docker daemon of"
                    + " its own. Every error is application/problem+json with a stable code."),
    servers = @Server(url = "/", description = "This service"),
    security = @SecurityRequirement(name = "key"))
@SecurityScheme(name = "key", type = SecuritySchemeType.HTTP, scheme = "bearer")
class WebConfiguration {

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  /** Every operation can answer with a problem; said once here instead of at each. */
  @Bean
  OpenApiCustomizer problemsInTheContract() {
    return api -> {
      api.getComponents().addSchemas("Problem", problem());
      ApiResponse answer =
          new ApiResponse()
              .description("A problem")
              .content(
                  new Content()
                      .addMediaType(
                          "application/problem+json",
                          new MediaType()
                              .schema(new Schema<>().$ref("#/components/schemas/Problem"))));
      api.getPaths().values().stream()
          .flatMap(path -> path.readOperations().stream())
          .forEach(operation -> operation.getResponses().addApiResponse("default", answer));
    };
  }

  private static Schema<?> problem() {
    return new ObjectSchema()
        .description("What went wrong (RFC 9457), with fields that help beside these")
        .addProperty("type", new StringSchema().example("urn:caisson:problem:sandbox-not-found"))
        .addProperty("title", new StringSchema().example("Not Found"))
        .addProperty("status", new IntegerSchema().example(404))
        .addProperty("detail", new StringSchema().description("For a person"))
        .addProperty("code", new StringSchema().description("Stable").example("SANDBOX_NOT_FOUND"))
        .addRequiredItem("type")
        .addRequiredItem("status")
        .addRequiredItem("code");
  }
}
