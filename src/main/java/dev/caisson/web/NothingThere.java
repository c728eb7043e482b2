package dev.caisson.web;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/**
 * The advisor that makes a problem of what Actuator answers where an endpoint has nothing to say:
 * it would be a status without a word, or a fault where a path goes on below what is not there.
 */
@Component
class NothingThere implements OperationInvokerAdvisor {

  @Override
  public OperationInvoker apply(
      EndpointId endpoint,
      OperationType type,
      OperationParameters parameters,
      OperationInvoker invoker) {
    return context -> {
      Object result = invoke(invoker, context);
      boolean empty = result == null && type == OperationType.READ;
      if (empty
          || (result instanceof WebEndpointResponse<?> answer
              && answer.getBody() == null
              && answer.getStatus() == WebEndpointResponse.STATUS_NOT_FOUND)) {
        throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is nothing at this path");
      }
      return result;
    };
  }

  /**
   * Invokes an operation; health looks for parts of a component that it has not found (Boot 4.1),
   * and fails with an error that says so.
   */
  private static @Nullable Object invoke(OperationInvoker invoker, InvocationContext context) {
    try {
      return invoker.invoke(context);
    } catch (IllegalStateException e) {
      if (String.valueOf(e.getMessage()).contains("'contributor' must not be null")) {
        throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is nothing at this path", e);
      }
      throw e;
    }
  }
}
