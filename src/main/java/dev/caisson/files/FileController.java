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
        "The file system of a sandbox, as seen by its root user. Paths are absolute. An error has"
            + " the system's own name as its code (ENOENT, EACCES, …), and the path.")
@RestController
@RequestMapping("/v1/sandboxes/{id}/files")
class FileController {
  static final String PATH = "Absolute path in the sandbox";
  static final String EXAMPLE = "/workspace/notes.txt";

  private final SandboxFiles files;

  FileController(SandboxFiles files) {
    this.files = files;
  }

  @Operation(
      operationId = "listFiles",
      summary = "List a directory",
      description =
          "Each directory comes before its entries, which are sorted by name. Links are not"
              + " followed, except `path` itself.")
  @GetMapping
  FileList list(
      @PathVariable String id,
      @Parameter(description = PATH, example = "/workspace") @RequestParam String path,
      @Parameter(
              description =
                  "Number of levels: 1 for the directory's own entries, 2 for theirs as well, and"
                      + " so on")
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
      description = "Works for files of any type; a link itself is described, not its target.")
  @GetMapping("/stat")
  FileAnswer stat(
      @PathVariable String id,
      @Parameter(description = PATH, example = EXAMPLE) @RequestParam String path) {
    return FileAnswer.from(files.ask(sandbox(id), path, new FileRequest.Stat(path)));
  }

  @Operation(operationId = "makeDirectory", summary = "Make a directory")
  @ApiResponse(
      responseCode = "201",
      description = "The directory was made",
      useReturnTypeSchema = true)
  @ApiResponse(
      responseCode = "200",
      description = "The directory already existed, and `parents` allowed that",
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
  FileAnswer makeLink(@PathVariable String id, @Valid @RequestBody MakeLinkRequest request) {
    return FileAnswer.from(files.ask(sandbox(id), request.path(), request.toMake()));
  }

  @Operation(
      operationId = "moveFile",
      summary = "Move or rename a file or directory",
      description =
          "Atomic within a file system. Across two file systems, the content is copied next to its"
              + " new name and renamed, and then the original is removed.")
  @PostMapping("/move")
  FileAnswer move(@PathVariable String id, @Valid @RequestBody MoveRequest request) {
    return FileAnswer.from(files.ask(sandbox(id), request.from(), request.toMove()));
  }

  @Operation(
      operationId = "changeFile",
      summary = "Change the mode or owner of a file",
      description =
          "For a link, the owner of the link itself is changed; a link has no mode (EOPNOTSUPP).")
  @PostMapping("/attributes")
  FileAnswer change(@PathVariable String id, @Valid @RequestBody AttributesRequest request) {
    return FileAnswer.from(files.ask(sandbox(id), request.path(), request.toChange()));
  }

  @Operation(operationId = "deleteFile", summary = "Delete a file or directory")
  @ApiResponse(responseCode = "204", description = "The file or directory no longer exists")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @DeleteMapping
  void delete(
      @PathVariable String id,
      @Parameter(description = PATH, example = EXAMPLE) @RequestParam String path,
      @Parameter(
              description =
                  "Whether to delete a directory with everything in it; otherwise it must be empty")
          @RequestParam(defaultValue = "false")
          boolean recursive) {
    files.ask(sandbox(id), path, new FileRequest.DeleteFile(path, recursive));
  }

  @Operation(
      operationId = "searchFiles",
      summary = "Find files by name, and text in files",
      description =
          "Without `text`, returns the files that match `glob`; with it, the lines of those files"
              + " that contain the text. Links are not followed; what cannot be read is left out. A"
              + " search that takes longer than a minute returns what it has found, as `truncated`."
              + " A sandbox runs up to four searches at once (otherwise 429).")
  @PostMapping("/search")
  SearchAnswer search(
      @PathVariable String id,
      @Valid @RequestBody SearchRequest request,
      HttpServletRequest client) {
    return files.search(sandbox(id), request, client);
  }
}
