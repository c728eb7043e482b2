package dev.caisson.docker.command;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A registry by its host; it cannot be taken for an option. */
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = {})
@JacksonAnnotationsInside
@Schema(
    description = "Host of the registry, with its port if it has one; Docker Hub by default",
    example = "ghcr.io")
@Pattern(
    regexp = "[A-Za-z0-9\\[][A-Za-z0-9.:\\[\\]-]{0,254}",
    message = "must be a host such as ghcr.io")
@interface RegistryAddress {
  String message() default "";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};
}
