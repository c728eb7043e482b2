package dev.caisson.web;

import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;

/** The form of every error, with the fields that callers decide by. */
final class ProblemSchema {

  private ProblemSchema() {}

  static Schema<?> problem() {
    return new ObjectSchema()
        .description("What went wrong (RFC 9457), with additional fields for some errors")
        .addProperty("type", new StringSchema().example("urn:caisson:problem:sandbox-not-found"))
        .addProperty("title", new StringSchema().example("Not Found"))
        .addProperty("status", new IntegerSchema().example(404))
        .addProperty("detail", new StringSchema().description("Explanation for a human reader"))
        .addProperty("instance", new StringSchema().description("Path of the request"))
        .addProperty("code", code())
        .addProperty("sandbox", new StringSchema().description("ID of the sandbox concerned"))
        .addProperty(
            "retryAfterMs",
            new IntegerSchema()
                .format("int64")
                .description("Milliseconds after which to try again; not always present"))
        .addProperty(
            "logTail",
            new StringSchema().description("Last log lines of a daemon that is not ready"))
        .addProperty(
            "errors",
            new ArraySchema()
                .items(Refs.to("ProblemField"))
                .description("Invalid fields, with INVALID_REQUEST"))
        .addRequiredItem("type")
        .addRequiredItem("status")
        .addRequiredItem("code")
        .additionalProperties(true);
  }

  /** Lists the codes without closing the list: a client must take a code that it does not know. */
  private static Schema<?> code() {
    Schema<?> code =
        new StringSchema()
            .description("Stable error code; newer services can have codes that are not listed")
            .example("SANDBOX_NOT_FOUND");
    code.addExtension("x-extensible-enum", ErrorCodes.names());
    return code;
  }

  static Schema<?> field() {
    return new ObjectSchema()
        .description("An invalid field")
        .addProperty("field", new StringSchema().example("resources.memory"))
        .addProperty("message", new StringSchema().example("must be at least 64Mi"))
        .addRequiredItem("field")
        .addRequiredItem("message");
  }
}
