package dev.caisson.files;

import static dev.caisson.files.SandboxFiles.sandbox;

import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The endpoints that describe, list, make, move, change, delete and find the files of a sandbox.
 */
@Tag(
    name = "Files",
    description =
        "The file system of a sandbox, as its root sees it. Paths are absolute. An error carries"
            + " the system's own name as its code (ENOENT, EACCES, …) and the path.")
@RestController
@RequestMapping("/v1/sandboxes/{id}/files")
class FileController {
  static final String PATH = "Absolute, in the sandbox.";
  static final String EXAMPLE = "/workspace/notes.txt";

  private final SandboxFiles files;

  FileController(SandboxFiles files) {
    this.files = files;
  }

  @Operation(
      operationId = "listFiles",
      summary = "List a directory",
      description =
          "Each directory before what is in it, siblings by name. Links are not followed, but for"
              + " `path` itself.")
  @GetMapping
  FileList list(
      @PathVariable String id,
      @Parameter(description = PATH, example = "/workspace") @RequestParam String path,
      @Parameter(description = "1: its own entries; 2: theirs as well; …")
          @RequestParam(defaultValue = "1")
          @Min(1)
          @Max(1000)
          int depth,
      @RequestParam(defaultValue = "1000") @Min(1) @Max(10_000) int limit) {
    return files.list(sandbox(id), path, depth, limit);
  }

  @Operation(
      operationId = "statFile",
      summary = "Describe a file",
      description = "Of any type; a link is described itself.")
  @GetMapping("/stat")
  FileAnswer stat(
      @PathVariable String id,
      @Parameter(description = PATH, example = EXAMPLE) @RequestParam String path) {
    return FileAnswer.from(files.ask(sandbox(id), path, new FileRequest.Stat(path)));
  }

  @Operation(operationId = "makeDirectory", summary = "Make a directory")
  @ApiResponse(responseCode = "201", description = "It was made.", useReturnTypeSchema = true)
  @ApiResponse(
      responseCode = "200",
      description = "It was there already, and `parents` allowed that.",
      useReturnTypeSchema = true)
  @PostMapping("/directories")
  ResponseEntity<FileAnswer> makeDirectory(
      @PathVariable String id, @Valid @RequestBody DirectoryRequest request) {
    FileInfo made = files.ask(sandbox(id), request.path(), request.toMake());
    return ResponseEntity.status(made.replaced() ? HttpStatus.OK : HttpStatus.CREATED)
        .body(FileAnswer.from(made));
  }

  @Operation(operationId = "makeLink", summary = "Make a symbolic or hard link")
  @ResponseStatus(HttpStatus.CREATED)
  @PostMapping("/links")
  FileAnswer makeLink(@PathVariable String id, @Valid @RequestBody LinkRequest request) {
    return FileAnswer.from(files.ask(sandbox(id), request.path(), request.toMake()));
  }

  @Operation(
      operationId = "moveFile",
      summary = "Give a file or directory another name",
      description =
          "At once, for all who look, within a file system; across two of them it is copied beside"
              + " its new name, renamed, and then removed.")
  @PostMapping("/move")
  FileAnswer move(@PathVariable String id, @Valid @RequestBody MoveRequest request) {
    return FileAnswer.from(files.ask(sandbox(id), request.from(), request.toMove()));
  }

  @Operation(
      operationId = "changeFile",
      summary = "Change mode or owner",
      description = "Of a link its own owner; a link has no mode (EOPNOTSUPP).")
  @PostMapping("/attributes")
  FileAnswer change(@PathVariable String id, @Valid @RequestBody AttributesRequest request) {
    return FileAnswer.from(files.ask(sandbox(id), request.path(), request.toChange()));
  }

  @Operation(operationId = "deleteFile", summary = "Delete a file or directory")
  @ApiResponse(responseCode = "204", description = "It is gone.")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @DeleteMapping
  void delete(
      @PathVariable String id,
      @Parameter(description = PATH, example = EXAMPLE) @RequestParam String path,
      @Parameter(description = "With all that is in it; else a directory must be empty.")
          @RequestParam(defaultValue = "false")
          boolean recursive) {
    files.ask(sandbox(id), path, new FileRequest.DeleteFile(path, recursive));
  }

  @Operation(
      operationId = "searchFiles",
      summary = "Find files by name, and text in them",
      description =
          "Without `text` the files that match `glob`; with it the lines of those files in which it"
              + " is. Links are not followed; what cannot be read is left out. A search that takes"
              + " longer than a minute answers what it has found, `truncated`; a sandbox does four"
              + " at once (else 429).")
  @PostMapping("/search")
  SearchAnswer search(
      @PathVariable String id,
      @Valid @RequestBody SearchRequest request,
      HttpServletRequest client) {
    return files.search(sandbox(id), request, client);
  }
}
