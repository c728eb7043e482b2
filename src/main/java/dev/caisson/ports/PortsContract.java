package dev.caisson.ports;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** The contract's entry for requests that no controller maps: those passed on to a port. */
@Configuration
class PortsContract {

  @Bean
  @Order(0)
  OpenApiCustomizer passedOnInTheContract() {
    return api ->
        api.path(
            "/v1/sandboxes/{id}/ports/{port}/{path}",
            new PathItem()
                .get(
                    new Operation()
                        .operationId("passToPort")
                        .addTagsItem("Ports")
                        .summary("Speak HTTP to a port")
                        .description(
                            "Under the port's host name, where the service has a domain for them;"
                                + " else below this path (`PORT_BY_PATH_OFF`: the operator has"
                                + " closed it, and `url` says where it is). Any method, not only"
                                + " GET; any path, with slashes or none at all; bodies of any"
                                + " length both ways as they come, server-sent events and"
                                + " WebSockets. What listens there answers. `PORT_CLOSED`: nothing"
                                + " does; `NOT_HTTP`: it is something else, see `openTunnel`.")
                        .addParametersItem(in("id", new StringSchema()))
                        .addParametersItem(in("port", new IntegerSchema()))
                        .addParametersItem(in("path", new StringSchema()))
                        .responses(
                            new ApiResponses()
                                .addApiResponse(
                                    "200",
                                    new ApiResponse().description("Whatever it answers.")))));
  }

  private static Parameter in(String name, io.swagger.v3.oas.models.media.Schema<?> schema) {
    return new Parameter().in("path").name(name).required(true).schema(schema);
  }
}
