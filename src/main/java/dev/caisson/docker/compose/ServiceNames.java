package dev.caisson.docker.compose;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The services of a project that a verb is for. The bound of the list stands beside it: the
 * contract would take one in here for the names', too.
 */
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@Schema(description = "Services; all of them by default", example = "[\"web\"]")
@interface ServiceNames {
  int MOST = 1000;
}
