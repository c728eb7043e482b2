package dev.caisson.docker.view;

import static dev.caisson.docker.DockerController.sandbox;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The endpoints of what the daemon of a sandbox has: asked of its API, answered in types. */
@Tag(name = "Docker")
@RestController
@RequestMapping("/v1/sandboxes/{id}/docker")
class DaemonViewController {
  private final DaemonViews views;

  DaemonViewController(DaemonViews views) {
    this.views = views;
  }

  @Operation(
      operationId = "listContainers",
      summary = "List containers in the sandbox",
      description = "Newest first.")
  @GetMapping("/containers")
  ContainerList containers(
      @PathVariable String id,
      @Parameter(description = "Whether to include containers that have ended")
          @RequestParam(defaultValue = "true")
          boolean all) {
    return new ContainerList(views.containers(sandbox(id), all));
  }

  @Operation(operationId = "getContainer", summary = "Get a container in the sandbox")
  @GetMapping("/containers/{container}")
  ContainerAnswer container(
      @PathVariable String id,
      @Parameter(description = "Name or ID of the container", example = "web") @PathVariable
          String container) {
    return views.container(sandbox(id), container);
  }

  @Operation(operationId = "listImages", summary = "List images in the sandbox")
  @GetMapping("/images")
  ImageList images(@PathVariable String id) {
    return new ImageList(views.images(sandbox(id)));
  }

  @Operation(operationId = "listVolumes", summary = "List volumes in the sandbox")
  @GetMapping("/volumes")
  VolumeList volumes(@PathVariable String id) {
    return new VolumeList(views.volumes(sandbox(id)));
  }

  @Operation(operationId = "listNetworks", summary = "List networks in the sandbox")
  @GetMapping("/networks")
  NetworkList networks(@PathVariable String id) {
    return new NetworkList(views.networks(sandbox(id)));
  }

  @Operation(
      operationId = "listComposeProjects",
      summary = "List compose projects in the sandbox",
      description =
          "Found by the labels of their containers, no matter how the projects were started.")
  @GetMapping("/compose")
  ComposeProjectList projects(@PathVariable String id) {
    return new ComposeProjectList(views.projects(sandbox(id)));
  }

  @Operation(
      operationId = "getComposeProject",
      summary = "Get a compose project in the sandbox",
      description = "Includes the state and health of each service.")
  @GetMapping("/compose/{project}")
  ComposeProjectAnswer project(
      @PathVariable String id, @Parameter(example = "shop") @PathVariable String project) {
    return views.project(sandbox(id), project);
  }
}
