package dev.caisson.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SharedService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What portman makes of the contract alone, as openapi/portman.json has it: each operation once as
 * documented, then with a wrong key, for no sandbox, with unknown, missing, too long, too short,
 * too small and too large fields; newman asks the service all of it.
 */
@ExtendWith(SharedService.class)
class ContractRunIT {
  private static final Path CONTRACT = Path.of("openapi", "caisson.yaml");
  private static final String TOOLS = "target/contract/node_modules/.bin/";

  @Test
  void theServiceDoesAndRefusesWhatTheContractSays(
      Api api, ServiceProcess service, @TempDir Path work) throws Exception {
    Path contract = Files.writeString(work.resolve("contract.json"), flat().toString());
    Path collection = work.resolve("collection.json");
    // It leaves files of its own in its directory.
    Machine.run(
        "env",
        "-C",
        work.toString(),
        "node",
        here(TOOLS + "portman"),
        "--local=" + contract,
        "--baseUrl=" + service.base(),
        "--portmanConfigFile=" + here("openapi/portman.json"),
        "--filterFile=" + here("openapi/portman-filter.json"),
        "--extraUnknownFormats=duration",
        "--output=" + collection);
    String sandbox = api.dockerSandbox(Machine.DEBIAN);
    long pid =
        api.start(
            sandbox,
            Map.of("command", new String[] {"cat"}, "tty", Map.of("rows", 24, "cols", 80)));
    Path environment = secret(work.resolve("environment.json"), service, sandbox, pid);
    Path report = work.resolve("report.json");
    Machine.attempt(
        "node",
        TOOLS + "newman",
        "run",
        collection.toString(),
        "--environment=" + environment,
        "--timeout-request=120000",
        "--reporters=json",
        "--reporter-json-export=" + report);
    JsonNode run = Api.JSON.readTree(Files.readAllBytes(report)).get("run");
    assertThat(run.get("failures").valueStream().map(ContractRunIT::failure)).isEmpty();
    assertThat(run.at("/stats/requests/total").asInt()).isGreaterThan(200);
    assertThat(run.at("/stats/assertions/total").asInt()).isGreaterThan(600);
  }

  private static String failure(JsonNode failure) {
    return failure.at("/source/name").asString("")
        + ": "
        + failure.at("/error/test").asString("")
        + ": "
        + failure.at("/error/message").asString("");
  }

  private static String here(String path) {
    return Path.of(path).toAbsolutePath().toString();
  }

  /** The key is in no command line. */
  private static Path secret(Path file, ServiceProcess service, String sandbox, long pid)
      throws IOException {
    ObjectNode environment = Api.JSON.createObjectNode().put("name", "service");
    ArrayNode values = environment.putArray("values");
    values.addObject().put("key", "key").put("value", service.key());
    values.addObject().put("key", "sandbox").put("value", sandbox);
    values.addObject().put("key", "pid").put("value", Long.toString(pid));
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, environment.toString());
  }

  /** Portman does not know what is null or refers: it gets what is referred to, with null. */
  private static JsonNode flat() throws IOException {
    JsonNode api = Api.JSON.valueToTree(new Yaml().load(Files.readString(CONTRACT)));
    flatten(api, api.at("/components/schemas"));
    return api;
  }

  private static void flatten(JsonNode node, JsonNode schemas) {
    if (node instanceof ObjectNode object
        && object.path("nullable").asBoolean(false)
        && object.has("allOf")) {
      String name = object.at("/allOf/0/$ref").asString().replaceFirst(".*/", "");
      object.removeAll();
      object.setAll((ObjectNode) schemas.get(name).deepCopy());
      object.put("nullable", true);
      if (object.path("enum") instanceof ArrayNode values) {
        values.addNull();
      }
    }
    node.forEach(part -> flatten(part, schemas));
  }
}
