package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.HostCount;
import dev.caisson.it.Machine;
import dev.caisson.it.Traces;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What callers do while everything breaks, and what they were told: each answer that acknowledged
 * something is kept, and held against the service afterwards.
 */
final class ChaosWorld {
  private static final int MOST = 5;
  private static final String SH = "/bin/busybox";

  /** As long as nobody who has waited for a record is to wait for it again. */
  private static final String COUNTS =
      "i=0; while [ $i -lt 400 ]; do echo line $i; i=$((i+1)); " + SH + " usleep 20000; done";

  /** What a process was heard to have printed. */
  private record Said(String sandbox, long pid) {
    String path() {
      return "/v1/sandboxes/" + sandbox + "/processes/" + pid + "/stdout";
    }
  }

  private final Supplier<Api> api;
  private final Map<String, Boolean> living = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> created = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> deleted = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Traces> traces = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> containers = new ConcurrentLinkedQueue<>();
  private final Map<Said, String> said = new ConcurrentHashMap<>();
  private final Map<String, Integer> answers = new ConcurrentSkipListMap<>();

  ChaosWorld(Supplier<Api> api) {
    this.api = api;
  }

  /** Some seconds of a caller, who takes every refusal and every broken connection as it comes. */
  void caller(Random random, int steps) {
    for (int i = 0; i < steps; i++) {
      String sandbox = any(random);
      if (sandbox == null || living.size() < 2) {
        create(random.nextInt(4) == 0, Map.of());
        continue;
      }
      switch (random.nextInt(8)) {
        case 0 -> create(random.nextInt(4) == 0, Map.of());
        case 1 -> delete(sandbox);
        case 2, 3 -> count(sandbox);
        case 4 -> listen(random);
        default -> exec(sandbox, random.nextInt(1, 2000));
      }
    }
  }

  private @Nullable String any(Random random) {
    List<String> ids = living.keySet().stream().sorted().toList();
    return ids.isEmpty() ? null : ids.get(random.nextInt(ids.size()));
  }

  /** A sandbox that lives, with Docker. */
  @Nullable String docker() {
    return living.entrySet().stream()
        .filter(Map.Entry::getValue)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  /** Any sandbox that lives. */
  @Nullable String any() {
    return living.keySet().stream().findFirst().orElse(null);
  }

  /** A sandbox, its id; null where there is none, for whatever reason. */
  @Nullable String create(boolean docker, Map<String, ?> resources) {
    if (living.size() >= MOST) {
      return null;
    }
    Map<String, Object> body = new HashMap<>();
    body.put("image", Machine.STATIC);
    body.put("ttl", "PT12H");
    body.put("docker", Map.of("enabled", docker));
    if (!resources.isEmpty()) {
      body.put("resources", resources);
    } else if (docker) {
      body.put("resources", Map.of("disk", "128Mi"));
    }
    Api.Reply reply = attempt("create", () -> api.get().post("/v1/sandboxes", body));
    if (reply == null || reply.status() != 201) {
      return null;
    }
    String id = reply.json().get("id").asString();
    created.add(id);
    living.put(id, docker);
    try {
      containers.add(
          Machine.run(
              "docker", "ps", "-aq", "--no-trunc", "--filter", "label=dev.caisson.sandbox=" + id));
      traces.add(Traces.of(id));
    } catch (AssertionError | RuntimeException e) {
      // It is gone already: its container's name is what is looked for then.
    }
    return id;
  }

  private void exec(String sandbox, int lines) {
    String line =
        "i=0; while [ $i -lt " + lines + " ]; do echo " + sandbox + " $i; i=$((i+1)); done";
    Api.Reply reply =
        attempt(
            "exec",
            () ->
                api.get()
                    .post(
                        "/v1/sandboxes/" + sandbox + "/processes",
                        Map.of("command", List.of(SH, "sh", "-c", line))));
    if (isGone(reply)) {
      living.remove(sandbox);
    }
    if (reply == null || reply.status() != 200) {
      return;
    }
    JsonNode process = reply.json();
    if (process.get("state").asString().equals("EXITED")
        && process.get("exit").get("code").isNumber()
        && process.get("exit").get("code").asInt() == 0) {
      StringBuilder whole = new StringBuilder();
      for (int i = 0; i < lines; i++) {
        whole.append(sandbox).append(' ').append(i).append('\n');
      }
      said.put(new Said(sandbox, process.get("pid").asLong()), whole.toString());
    }
  }

  private void count(String sandbox) {
    Api.Reply reply =
        attempt(
            "start",
            () ->
                api.get()
                    .post(
                        "/v1/sandboxes/" + sandbox + "/processes",
                        Map.of("command", List.of(SH, "sh", "-c", COUNTS), "background", true)));
    if (isGone(reply)) {
      living.remove(sandbox);
    }
    if (reply != null && reply.status() == 201) {
      said.put(new Said(sandbox, reply.json().get("pid").asLong()), "");
    }
  }

  /** What one has said until now is told, and so it has to be there for good. */
  private void listen(Random random) {
    List<Said> all = new ArrayList<>(said.keySet());
    if (all.isEmpty()) {
      return;
    }
    Said one = all.get(random.nextInt(all.size()));
    Api.Reply reply = attempt("output", () -> api.get().get(one.path()));
    if (reply != null && reply.status() == 200) {
      said.merge(one, reply.text(), ChaosWorld::longer);
    }
  }

  private static String longer(String one, String other) {
    String more = one.length() > other.length() ? one : other;
    assertThat(more).as("output does not change").startsWith(more.equals(one) ? other : one);
    return more;
  }

  private void delete(String sandbox) {
    Api.Reply reply =
        attempt("delete", () -> api.get().delete("/v1/sandboxes/" + sandbox + "?grace=PT0S"));
    if (reply != null && (reply.status() == 200 || reply.status() == 202)) {
      living.remove(sandbox);
      deleted.add(sandbox);
    }
  }

  private static boolean isGone(Api.@Nullable Reply reply) {
    return reply != null
        && (reply.status() == 409 || reply.status() == 404 || reply.status() == 410);
  }

  /** The answer; null where the connection broke. */
  private Api.@Nullable Reply attempt(String what, Supplier<Api.Reply> call) {
    try {
      Api.Reply reply = call.get();
      answers.merge(what + " " + reply.status(), 1, Integer::sum);
      return reply;
    } catch (UncheckedIOException e) {
      answers.merge(what + " broken", 1, Integer::sum);
      return null;
    }
  }

  /** Whether a whole life of a sandbox works: it is created, runs a command, and ends. */
  boolean isWell() {
    Api.Reply made =
        attempt("well", () -> api.get().post("/v1/sandboxes", Map.of("image", Machine.STATIC)));
    if (made == null || made.status() != 201) {
      return false;
    }
    String id = made.json().get("id").asString();
    created.add(id);
    Api.Reply run =
        attempt(
            "well",
            () ->
                api.get()
                    .post(
                        "/v1/sandboxes/" + id + "/processes",
                        Map.of("command", List.of(SH, "echo", "well"))));
    Api.Reply ended =
        attempt("well", () -> api.get().delete("/v1/sandboxes/" + id + "?grace=PT0S"));
    return run != null
        && run.status() == 200
        && Api.text(run.json(), "stdout").equals("well\n")
        && ended != null
        && ended.status() == 200;
  }

  /** Ends all that lives; an end has to work, whatever was. */
  void end() {
    for (String id : created) {
      Eventually.holds(
          () -> attempt("end", () -> api.get().delete("/v1/sandboxes/" + id + "?grace=PT0S")),
          reply -> reply != null && reply.status() == 200);
      Eventually.holds(
          () -> attempt("end", () -> api.get().get("/v1/sandboxes/" + id)),
          reply -> reply != null && reply.json().get("state").asString().equals("ENDED"));
    }
    // What was made, and never told: the connection broke before the answer.
    for (String state : List.of("STARTING", "READY", "ENDING")) {
      for (JsonNode sandbox :
          api.get().get("/v1/sandboxes?limit=500&state=" + state).expecting(200).get("items")) {
        String id = sandbox.get("id").asString();
        created.add(id);
        api.get().delete("/v1/sandboxes/" + id + "?grace=PT0S").expecting(200);
      }
    }
  }

  /**
   * Asks for every acknowledged byte again; what is not there, or is another, each with what became
   * of its sandbox.
   */
  List<String> lost() {
    List<String> lost = new ArrayList<>();
    said.forEach((one, told) -> {
      Api.Reply reply = api.get().get(one.path());
      String wrong =
          reply.status() != 200
              ? reply.text()
              : reply.text().startsWith(told)
                  ? misplaced(reply.text())
                  : "%d bytes told, %d there".formatted(told.length(), reply.text().length());
      if (!wrong.isEmpty()) {
        lost.add(
            "%s: %s%n    %s"
                .formatted(one, wrong, api.get().get("/v1/sandboxes/" + one.sandbox()).text()));
      }
    });
    return lost;
  }

  /** The first line that is not in its place; the last may have been cut by an end. */
  private static String misplaced(String text) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size() - 1; i++) {
      if (!lines.get(i).endsWith(" " + i)) {
        return "line " + i + " is " + lines.get(i);
      }
    }
    return "";
  }

  /** How much was acknowledged of output. */
  long bytes() {
    return said.values().stream().mapToLong(String::length).sum();
  }

  /** What is still on the host of all that was made. */
  List<String> left() {
    List<String> left = new ArrayList<>();
    traces.forEach(one -> left.addAll(one.left()));
    List<String> names = new ArrayList<>(created);
    containers.stream().filter(name -> !name.isEmpty()).forEach(names::add);
    for (String line : mentions()) {
      if (names.stream().anyMatch(line::contains)) {
        left.add(line);
      }
    }
    return left;
  }

  private static List<String> mentions() {
    List<String> all = new ArrayList<>(HostCount.mountLines().toList());
    HostCount.cgroupPaths().forEach(all::add);
    all.addAll(
        Machine.run("docker", "ps", "-a", "--no-trunc", "--format", "{{.ID}} {{.Names}}")
            .lines()
            .toList());
    all.addAll(Machine.run("docker", "volume", "ls", "-q").lines().toList());
    all.addAll(
        Machine.run("docker", "network", "ls", "--format", "{{.Name}} {{.ID}}").lines().toList());
    all.addAll(Machine.run("losetup", "--list", "--noheadings").lines().toList());
    return all;
  }

  int sandboxes() {
    return created.size();
  }

  int processes() {
    return said.size();
  }

  /** How often which answer was given to what. */
  Map<String, Integer> answers() {
    return new TreeMap<>(answers);
  }

  /** A sandbox that means no good: it forks, makes directories, fills what it can, and talks. */
  void hostile() {
    Map<String, Object> body = new HashMap<>();
    body.put("image", Machine.STATIC);
    body.put("resources", Map.of("pids", 100, "memory", "96Mi"));
    Api.Reply reply = attempt("hostile", () -> api.get().post("/v1/sandboxes", body));
    if (reply == null || reply.status() != 201) {
      return;
    }
    String id = reply.json().get("id").asString();
    created.add(id);
    String evil =
        """
        B=/bin/busybox; cd /run/caisson && for i in $($B seq 300); do $B mkdir $i$i$i$i$i; cd $i$i$i$i$i || break; done
        $B dd if=/dev/zero of=/run/caisson/filler bs=64k count=64 2>/dev/null
        while :; do echo evil; $B sleep 1 & $B dd if=/dev/zero of=/var/lib/caisson/processes/9999 bs=1k count=64 2>/dev/null; done
        """;
    for (int i = 0; i < 3; i++) {
      attempt(
          "hostile",
          () ->
              api.get()
                  .post(
                      "/v1/sandboxes/" + id + "/processes",
                      Map.of("command", List.of(SH, "sh", "-c", evil), "background", true)));
    }
  }
}
