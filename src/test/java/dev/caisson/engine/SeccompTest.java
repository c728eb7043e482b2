package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.core.DockerClientConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the lists of system calls allow, compared with each other. */
class SeccompTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAPlainSandboxMayIsAllowedWithDockerToo(boolean nested) {
    List<JsonNode> docker = rules(nested ? Seccomp.nest() : Seccomp.profile());
    List<JsonNode> plain = rules(Seccomp.plain());
    Set<String> always = names(docker.stream().filter(SeccompTest::isUnconditional).toList());

    assertThat(plain).isNotEmpty();
    for (JsonNode rule : plain) {
      for (JsonNode name : rule.get("names")) {
        // Allowed in every case, or in the same case.
        assertThat(always.contains(name.asText()) || isIn(docker, rule, name.asText()))
            .as(name.asText() + " of " + rule)
            .isTrue();
      }
    }
  }

  @Test
  void noListAllowsWhatIsADoorIntoTheKernel() {
    Set<String> never =
        Set.of(
            "add_key",
            "clock_settime",
            "create_module",
            "delete_module",
            "finit_module",
            "init_module",
            "io_uring_enter",
            "io_uring_register",
            "io_uring_setup",
            "ioperm",
            "iopl",
            "kexec_file_load",
            "kexec_load",
            "move_pages",
            "nfsservctl",
            "open_by_handle_at",
            "reboot",
            "settimeofday",
            "swapoff",
            "swapon",
            "userfaultfd",
            "vhangup",
            "vm86");
    for (String profile : List.of(Seccomp.profile(), Seccomp.nest(), Seccomp.plain())) {
      assertThat(names(rules(profile))).doesNotContainAnyElementsOf(never);
    }
    assertThat(names(rules(Seccomp.plain())))
        .doesNotContain(
            "bpf",
            "clone3",
            "fsopen",
            "keyctl",
            "kcmp",
            "mount",
            "move_mount",
            "open_tree",
            "perf_event_open",
            "pidfd_getfd",
            "pivot_root",
            "quotactl",
            "request_key",
            "sethostname",
            "setns",
            "syslog",
            "umount2",
            "unshare")
        .contains("chroot", "ptrace", "clone", "execve");
  }

  private static boolean isIn(List<JsonNode> rules, JsonNode wanted, String name) {
    return rules.stream()
        .filter(rule -> names(List.of(rule)).contains(name))
        .anyMatch(rule ->
            wanted.path("args").equals(rule.path("args"))
                && wanted.path("includes").equals(rule.path("includes"))
                && wanted.path("excludes").equals(rule.path("excludes")));
  }

  private static boolean isUnconditional(JsonNode rule) {
    return !rule.has("args") && !rule.has("includes") && !rule.has("excludes");
  }

  private static List<JsonNode> rules(String profile) {
    try {
      JsonNode json = DockerClientConfig.getDefaultObjectMapper().readTree(profile);
      assertThat(json.get("defaultAction").asText()).isEqualTo("SCMP_ACT_ERRNO");
      List<JsonNode> rules = new ArrayList<>();
      for (JsonNode rule : json.get("syscalls")) {
        if (rule.get("action").asText().equals("SCMP_ACT_ALLOW")) {
          rules.add(rule);
        }
      }
      return rules;
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Set<String> names(List<JsonNode> rules) {
    return rules.stream()
        .flatMap(rule -> rule.get("names").valueStream())
        .map(JsonNode::asText)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
