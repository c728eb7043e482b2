package dev.caisson.docker.view;

import dev.caisson.docker.DaemonApi;
import dev.caisson.docker.DaemonJson;
import dev.caisson.docker.DockerException;
import dev.caisson.sandbox.SandboxId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The views of what the daemons have, as typed answers. */
@Component
class DaemonViews {
  /** The form of a name or id; nothing that could be another path. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}");

  /** The most containers that are inspected one by one; a project is far smaller. */
  private static final int MOST_INSPECTED = 200;

  private final DaemonApi api;
  private final JsonMapper json;

  DaemonViews(DaemonApi api, JsonMapper json) {
    this.api = api;
    this.json = json;
  }

  /** Returns all containers, ended ones too if {@code all}. */
  List<ContainerSummary> containers(SandboxId id, boolean all) {
    return containers(id, "/containers/json?all=" + all);
  }

  private List<ContainerSummary> containers(SandboxId id, String target) {
    return DaemonJson.each(api.get(id, target), ContainerSummary::from);
  }

  ContainerAnswer container(SandboxId id, String container) {
    return ContainerAnswer.from(api.get(id, path(id, container, "/json")));
  }

  /**
   * Returns the daemon's path for a container.
   *
   * @throws DockerException.Refused if no container can have this name
   */
  static String path(SandboxId id, String container, String rest) {
    if (!NAME.matcher(container).matches()) {
      throw new DockerException.Refused(id, 404, "No such container: " + container);
    }
    return "/containers/" + container + rest;
  }

  List<ImageAnswer> images(SandboxId id) {
    return DaemonJson.each(api.get(id, "/images/json"), ImageAnswer::from);
  }

  List<VolumeAnswer> volumes(SandboxId id) {
    return DaemonJson.each(api.get(id, "/volumes").path("Volumes"), VolumeAnswer::from);
  }

  List<NetworkAnswer> networks(SandboxId id) {
    return DaemonJson.each(api.get(id, "/networks"), NetworkAnswer::from);
  }

  List<ComposeProjectSummary> projects(SandboxId id) {
    return ComposeProjectSummary.of(containers(id, labelled(ComposeProjectSummary.PROJECT)));
  }

  /**
   * Returns one project.
   *
   * @throws DockerException.Refused if there is no container of it
   */
  ComposeProjectAnswer project(SandboxId id, String project) {
    List<ContainerSummary> found =
        containers(id, labelled(ComposeProjectSummary.PROJECT + "=" + project));
    if (found.isEmpty()) {
      throw new DockerException.Refused(id, 404, "No such project: " + project);
    }
    List<ContainerAnswer> containers = new ArrayList<>();
    for (ContainerSummary each : found.subList(0, Math.min(found.size(), MOST_INSPECTED))) {
      try {
        containers.add(container(id, each.id()));
      } catch (DockerException.Refused e) {
        if (e.status != 404) {
          throw e;
        }
        // Gone between the two questions.
      }
    }
    return ComposeProjectAnswer.of(project, containers);
  }

  private String labelled(String label) {
    JsonNode filter = json.createObjectNode().set("label", json.createArrayNode().add(label));
    return "/containers/json?all=true&filters="
        + URLEncoder.encode(json.writeValueAsString(filter), StandardCharsets.UTF_8);
  }
}
