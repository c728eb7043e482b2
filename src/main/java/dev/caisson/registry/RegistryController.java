package dev.caisson.registry;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The credentials of image registries over HTTP: stored, named, forgotten; never returned. */
@Tag(
    name = "Registries",
    description = "Credentials for registries, available to every sandbox with Docker.")
@RestController
@RequestMapping("/v1/registries")
class RegistryController {
  private static final String NAME =
      "Host of the registry, with its port if it has one; Docker Hub is docker.io";

  private final Registries registries;

  RegistryController(Registries registries) {
    this.registries = registries;
  }

  @Operation(operationId = "listRegistries", summary = "List registries with credentials")
  @GetMapping
  RegistryList list() {
    return new RegistryList(registries.names().stream().map(RegistryAnswer::from).toList());
  }

  @Operation(
      operationId = "putRegistry",
      summary = "Set the credentials of a registry",
      description =
          "The credentials are kept encrypted, and passed in memory to the Docker CLI of every"
              + " sandbox, including running ones, both for operations and for commands typed in"
              + " the sandbox.")
  @PutMapping("/{registry}")
  RegistryAnswer put(
      @Parameter(description = NAME, example = "ghcr.io") @PathVariable String registry,
      @RequestBody RegistryRequest request)
      throws InterruptedException {
    RegistryName name = RegistryName.parse(registry);
    registries.put(name, request.toCredential());
    return RegistryAnswer.from(name);
  }

  @Operation(
      operationId = "deleteRegistry",
      summary = "Delete the credentials of a registry",
      description = "Removes them from every sandbox, too. Also succeeds if there are none.")
  @ApiResponse(responseCode = "204", description = "The registry has no credentials now")
  @DeleteMapping("/{registry}")
  ResponseEntity<Void> delete(
      @Parameter(description = NAME, example = "ghcr.io") @PathVariable String registry)
      throws InterruptedException {
    registries.delete(RegistryName.parse(registry));
    return ResponseEntity.noContent().build();
  }
}
