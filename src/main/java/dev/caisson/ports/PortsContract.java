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
                        .summary("Send an HTTP request to a port")
                        .description(
                            "At the port's host name if the service has a domain for ports,"
                                + " otherwise below this path (`PORT_BY_PATH_OFF`: the operator has"
                                + " closed the path, and `url` says where the port is). Any method,"
                                + " not only GET; any path, with slashes or none at all; bodies of"
                                + " any length, streamed in both directions; server-sent events and"
                                + " WebSockets. The answer is that of the program on the port."
                                + " `PORT_CLOSED`: nothing listens there; `NOT_HTTP`: the program"
                                + " does not speak HTTP, see `openTunnel`.")
                        .addParametersItem(in("id", new StringSchema()))
                        .addParametersItem(in("port", new IntegerSchema()))
                        .addParametersItem(in("path", new StringSchema()))
                        .responses(
                            new ApiResponses()
                                .addApiResponse(
                                    "200",
                                    new ApiResponse()
                                        .description("The answer of the program on the port")))));
  }

  private static Parameter in(String name, io.swagger.v3.oas.models.media.Schema<?> schema) {
    return new Parameter().in("path").name(name).required(true).schema(schema);
  }
}
