package dev.caisson.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPatternParser;

/** The shape of paths refuses none that its pattern matches. */
class PathShapeTest {
  private static final List<String> PATTERNS =
      List.of(
          "/",
          "/v1/sandboxes",
          "/v1/sandboxes/{id}",
          "/v1/sandboxes/{id}/processes",
          "/v1/sandboxes/{id}/processes/{pid}",
          "/v1/sandboxes/{id}/processes/{pid:[0-9]+}/stdin",
          "/v1/sandboxes/{id}/docker/engine/{*rest}",
          "/v1/sandboxes/{id}/docker/engine/**",
          "/v1/a?c/{id}.tar",
          "/swagger-ui*/*");

  private static final List<String> PATHS =
      List.of(
          "/",
          "/v1/sandboxes",
          "/v1/sandboxes/",
          "/v1/sandboxes/sb-a",
          "/v1/sandboxes/sb-a;x=1/processes",
          "/v1/sandboxes/sb-a/process%65s",
          "/v1/sandboxes/sb-a/processes/7",
          "/v1/sandboxes/sb-a/processes/7/stdin",
          "/v1/sandboxes/sb-a/docker/engine",
          "/v1/sandboxes/sb-a/docker/engine/a/b/c",
          "/v1/abc/x.tar",
          "/swagger-ui.html/x",
          "//v1//sandboxes");

  @Test
  void aPathThatThePatternMatchesIsAdmitted() {
    for (String text : PATTERNS) {
      var pattern = PathPatternParser.defaultInstance.parse(text);
      PathShape shape = PathShape.of(pattern);
      for (String path : PATHS) {
        PathContainer parsed = PathContainer.parsePath(path);
        if (pattern.matches(parsed)) {
          assertThat(shape.admits(parsed)).as("%s for %s", path, text).isTrue();
        }
      }
    }
  }

  @Test
  void aPathOfAnotherLengthOrWithOtherWordsIsNot() {
    PathShape shape = shape("/v1/sandboxes/{id}/processes");
    assertThat(shape.admits(PathContainer.parsePath("/v1/sandboxes/sb-a/processes"))).isTrue();
    assertThat(shape.admits(PathContainer.parsePath("/v1/sandboxes/sb-a/files"))).isFalse();
    assertThat(shape.admits(PathContainer.parsePath("/v1/sandboxes/sb-a"))).isFalse();
    assertThat(shape.admits(PathContainer.parsePath("/v1/sandboxes/sb-a/processes/7"))).isFalse();
    assertThat(shape("/v1/{*rest}").admits(PathContainer.parsePath("/v2"))).isTrue();
  }

  private static PathShape shape(String pattern) {
    return PathShape.of(PathPatternParser.defaultInstance.parse(pattern));
  }
}
