package dev.caisson.docker.command;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An image by name, tag or digest; it cannot be taken for an option. */
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = {})
@JacksonAnnotationsInside
@Size(max = DockerCommand.MOST_CHARACTERS)
@Pattern(
    regexp = "[A-Za-z0-9\\[][A-Za-z0-9._/:@\\[\\]-]*",
    message = "must be an image such as nginx:latest")
@interface ImageName {
  String message() default "";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};
}
