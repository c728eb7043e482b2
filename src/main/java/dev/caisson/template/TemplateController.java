package dev.caisson.template;

import dev.caisson.pool.Pools;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The HTTP edge of templates. */
@Tag(
    name = "Templates",
    description =
        "Named settings for new sandboxes, with images that are available from the start.")
@RestController
@RequestMapping("/v1/templates")
class TemplateController {
  private static final String NAME = "[a-z0-9][a-z0-9._-]{0,63}";
  private static final String NAME_MESSAGE =
      "must be up to 64 small letters, digits, '.', '_' and '-'";

  private final TemplateCatalog catalog;
  private final Pools pools;

  TemplateController(TemplateCatalog catalog, Pools pools) {
    this.catalog = catalog;
    this.pools = pools;
  }

  /** The states that a caller can wait for. */
  enum Awaited {
    READY
  }

  @Operation(operationId = "listTemplates", summary = "List templates")
  @GetMapping
  TemplateList list() {
    return new TemplateList(catalog.list().stream().map(this::answer).toList());
  }

  @Operation(
      operationId = "getTemplate",
      summary = "Get a template, or wait until it is built",
      description =
          "`waitFor=READY` answers when the template is READY or FAILED, or when the timeout is"
              + " over.")
  @GetMapping("/{name}")
  TemplateAnswer get(
      @PathVariable String name,
      @RequestParam(required = false) @Nullable Awaited waitFor,
      @RequestParam(defaultValue = "PT30S")
          @Schema(type = "string", example = "PT30S", defaultValue = "PT30S")
          @DurationMin(message = "must not be negative")
          @DurationMax(minutes = 10, message = "must be at most PT10M")
          Duration timeout)
      throws InterruptedException {
    return answer(waitFor == null ? catalog.find(name) : catalog.await(name, timeout));
  }

  @Operation(
      operationId = "putTemplate",
      summary = "Create a template, or replace it",
      description =
          "The images are pulled in a sandbox that is made for this; until then the template is"
              + " BUILDING. Sandboxes of a replaced template keep what they have.")
  @ApiResponse(
      responseCode = "202",
      description = "The template is being built",
      useReturnTypeSchema = true)
  @PutMapping("/{name}")
  ResponseEntity<TemplateAnswer> put(
      @PathVariable @Pattern(regexp = NAME, message = NAME_MESSAGE) String name,
      @Valid @RequestBody TemplateRequest request)
      throws InterruptedException {
    return ResponseEntity.accepted().body(answer(catalog.put(name, request)));
  }

  private TemplateAnswer answer(SandboxTemplate template) {
    return TemplateAnswer.from(template, pools.status(template.name()));
  }

  @Operation(
      operationId = "deleteTemplate",
      summary = "Delete a template",
      description = "The images are removed with the last sandbox that has them.")
  @ApiResponse(responseCode = "204", description = "The template does not exist any more")
  @DeleteMapping("/{name}")
  ResponseEntity<Void> delete(@PathVariable String name) throws InterruptedException {
    catalog.delete(name);
    return ResponseEntity.noContent().build();
  }
}
