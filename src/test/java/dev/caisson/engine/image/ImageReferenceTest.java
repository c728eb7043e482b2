package dev.caisson.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.sandbox.EngineErrorCode;
import dev.caisson.sandbox.EngineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of images, as people write them. */
class ImageReferenceTest {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "busybox, busybox:latest",
    "busybox:1.37, busybox:1.37",
    "library/busybox, library/busybox:latest",
    "127.0.0.1:5000/library/busybox, 127.0.0.1:5000/library/busybox:latest",
    "localhost:5000/a/b__c/d-e.f:V1.0_x, localhost:5000/a/b__c/d-e.f:V1.0_x",
    "'[::1]:5000/x', '[::1]:5000/x:latest'",
    "' debian:trixie-slim ', debian:trixie-slim"
  })
  void withoutATagItIsTheLatest(String written, String understood) {
    assertThat(ImageReference.parse(written)).hasToString(understood);
  }

  @Test
  void aDigestOrAnIdStaysAsItIs() {
    assertThat(ImageReference.parse("busybox@" + DIGEST).value()).isEqualTo("busybox@" + DIGEST);
    assertThat(ImageReference.parse("busybox@" + DIGEST).name()).isEqualTo("busybox");
    assertThat(ImageReference.parse(DIGEST).isId()).isTrue();
    assertThat(ImageReference.parse("127.0.0.1:5000/x").name()).isEqualTo("127.0.0.1:5000/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Busybox",
        "../containers/json",
        "busybox?x=1",
        "a//b",
        "a b",
        "busybox:",
        "busybox@sha256:12",
        "x/../../version"
      })
  void whatIsNoNameNeverBecomesPartOfAnAddress(String written) {
    assertThatThrownBy(() -> ImageReference.parse(written))
        .isInstanceOfSatisfying(
            EngineException.NoImage.class,
            e -> assertThat(e.code()).isEqualTo(EngineErrorCode.NO_SUCH_IMAGE));
  }
}
