package dev.caisson.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.sandbox.EngineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why an image cannot be had, told from what engines really say. */
class PullErrorsTest {
  private static final ImageReference IMAGE = ImageReference.parse("registry.test/team/image:1");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          NO_SUCH_IMAGE    | 404 | manifest for 127.0.0.1:5000/library/none:latest not found: manifest unknown: manifest unknown
          NO_SUCH_IMAGE    | 404 | pull access denied for nobody/none, repository does not exist or may require 'docker login': denied: requested access to the resource is denied
          NO_SUCH_IMAGE    | 0   | no matching manifest for linux/amd64 in the manifest list entries
          NO_SUCH_IMAGE    | 401 | unauthorized: authentication required
          NO_SUCH_IMAGE    | 404 | repository registry.test/team/image not found: name unknown: repository name not known to registry
          NO_SUCH_REGISTRY | 500 | Get "https://registry.test/v2/": dial tcp: lookup registry.test: no such host
          NO_SUCH_REGISTRY | 500 | Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused
          NO_SUCH_REGISTRY | 500 | Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)
          NO_SUCH_REGISTRY | 500 | Get "https://registry.test/v2/": http: server gave HTTP response to HTTPS client
          NO_SUCH_REGISTRY | 404 | failed to resolve reference "registry.test/team/image:1": failed to do request: Head "https://registry.test/v2/": dial tcp: lookup registry.test: no such host
          NO_SPACE         | 0   | failed to register layer: Error processing tar file(exit status 1): write /bin/busybox: no space left on device
          TOO_FEW_USERS    | 500 | failed to register layer: Error processing tar file(exit status 1): Container ID 70000 cannot be mapped to a host ID
          PULL_FAILED      | 429 | toomanyrequests: You have reached your pull rate limit.
          PULL_FAILED      | 500 | something new
          """)
  void theCodeSaysWhatKindOfTroubleItIs(String code, int status, String said) {
    EngineException.NoImage error = PullErrors.of(IMAGE, status, said, null);

    assertThat(error.code().name()).isEqualTo(code);
    assertThat(error.details()).containsEntry("image", "registry.test/team/image:1");
    assertThat(error).hasMessageContaining("registry.test/team/image:1").hasMessageEndingWith(said);
  }

  @Test
  void aSignedAddressLosesItsSignature() {
    EngineException.NoImage error =
        PullErrors.of(IMAGE, 0, "Get \"https://blobs.test/x?X-Amz-Signature=abc&y=1\": EOF", null);

    assertThat(error)
        .hasMessageContaining("https://blobs.test/x?…\": EOF")
        .hasMessageNotContaining("abc");
  }
}
