// What the service sends, as the contract says.
import type { components } from "../../../../target/console/contract";

type Schemas = components["schemas"];

declare global {
  namespace Wire {
    type ComposeProject = Schemas["ComposeProject"];
    type ComposeProjectSummary = Schemas["ComposeProjectSummary"];
    type ContainerSummary = Schemas["ContainerSummary"];
    type DockerConnect = Schemas["DockerConnect"];
    type DockerDaemon = Schemas["DockerDaemon"];
    type DockerKit = Schemas["DockerKit"];
    type FileEntry = Schemas["FileEntry"];
    type Host = Schemas["Host"];
    type HostCheck = Schemas["HostCheck"];
    type HostChoice = Schemas["HostChoice"];
    type Image = Schemas["Image"];
    type IsolationMode = Schemas["IsolationMode"];
    type Network = Schemas["Network"];
    type OutputEvent = Schemas["OutputEvent"];
    type Port = Schemas["Port"];
    type Problem = Schemas["Problem"];
    type Process = Schemas["Process"];
    type PublishedPort = Schemas["PublishedPort"];
    type Sandbox = Schemas["Sandbox"];
    type SandboxCreation = Schemas["SandboxCreation"];
    type SandboxEvent = Omit<Schemas["SandboxEvent"], "type" | "data"> &
      (
        | { type: "sandbox"; data: Schemas["SandboxEventData"] }
        | { type: "image"; data: Schemas["ImageEventData"] }
        | { type: "process"; data: Schemas["ProcessEventData"] }
        | { type: "docker"; data: Schemas["DockerEventData"] }
        | { type: "disk"; data: Schemas["DiskEventData"] }
      );
    type StartProcess = Schemas["StartProcess"];
    type Startup = Schemas["Startup"];
    type Template = Schemas["Template"];
    type Usage = Schemas["Usage"];
    type Volume = Schemas["Volume"];
  }
}
