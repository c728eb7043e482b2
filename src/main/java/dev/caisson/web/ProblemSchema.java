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
        .description("What went wrong (RFC 9457), with fields that help beside these")
        .addProperty("type", new StringSchema().example("urn:caisson:problem:sandbox-not-found"))
        .addProperty("title", new StringSchema().example("Not Found"))
        .addProperty("status", new IntegerSchema().example(404))
        .addProperty("detail", new StringSchema().description("For a person"))
        .addProperty("instance", new StringSchema().description("The path that was asked for"))
        .addProperty("code", new StringSchema().description("Stable").example("SANDBOX_NOT_FOUND"))
        .addProperty("sandbox", new StringSchema().description("Which one it is about"))
        .addProperty(
            "retryAfterMs",
            new IntegerSchema().format("int64").description("When to try again; not always said"))
        .addProperty(
            "logTail",
            new StringSchema().description("The last words of a daemon that is not ready"))
        .addProperty(
            "errors",
            new ArraySchema()
                .items(Refs.to("ProblemField"))
                .description("With INVALID_REQUEST: each field that is not right"))
        .addRequiredItem("type")
        .addRequiredItem("status")
        .addRequiredItem("code")
        .additionalProperties(true);
  }

  static Schema<?> field() {
    return new ObjectSchema()
        .description("A field that is not right")
        .addProperty("field", new StringSchema().example("resources.memory"))
        .addProperty("message", new StringSchema().example("must be at least 64Mi"))
        .addRequiredItem("field")
        .addRequiredItem("message");
  }
}
