package dev.caisson.docker.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.Request;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What is removed, and that nothing is that was not chosen. */
class PruneRequestTest {
  private static final Validator VALIDATOR =
      Validation.buildDefaultValidatorFactory().getValidator();

  @Test
  void nothingChosenIsWhatCanBeHadAgain() {
    assertThat(commands("{}"))
        .containsExactly(
            List.of("docker", "image", "prune", "--force"),
            List.of("docker", "builder", "prune", "--force"))
        .isEqualTo(PruneRequest.safe().stream().map(Request.Start::command).toList());
  }

  @Test
  void whatWasChosenIsRemovedAndNoMore() {
    assertThat(
            commands(
                """
                {"containers": true, "images": "unused", "buildCache": false, "until": "PT24H"}
                """))
        .containsExactly(
            List.of("docker", "container", "prune", "--force", "--filter=until=86400s"),
            List.of("docker", "image", "prune", "--force", "--all", "--filter=until=86400s"));
    assertThat(commands("{\"volumes\": \"anonymous\"}"))
        .containsExactly(List.of("docker", "volume", "prune", "--force"));
    assertThat(commands("{\"volumes\": \"unused\"}"))
        .containsExactly(List.of("docker", "volume", "prune", "--force", "--all"));
  }

  @Test
  void anAgeCannotBeSaidOfVolumes() {
    assertThat(VALIDATOR.validate(read("{\"volumes\": \"unused\", \"until\": \"PT1H\"}")))
        .extracting(violation -> violation.getPropertyPath().toString())
        .containsExactly("until");
  }

  private static List<List<String>> commands(String json) {
    PruneRequest request = read(json);
    assertThat(VALIDATOR.validate(request)).isEmpty();
    return request.toStarts().stream().map(Request.Start::command).toList();
  }

  private static PruneRequest read(String json) {
    return JsonMapper.builder().build().readValue(json, PruneRequest.class);
  }
}
