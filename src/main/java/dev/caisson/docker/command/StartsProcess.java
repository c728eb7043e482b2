package dev.caisson.docker.command;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The answers of every operation that is a process of the Docker CLI. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "200",
    description = "The process has ended",
    useReturnTypeSchema = true)
@ApiResponse(
    responseCode = "201",
    description = "The process runs in the background",
    useReturnTypeSchema = true)
@ApiResponse(responseCode = "409", description = "The sandbox has no Docker daemon")
@ApiResponse(responseCode = "503", description = "The Docker daemon did not become ready")
public @interface StartsProcess {}
