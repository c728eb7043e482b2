package dev.caisson.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

/** A short answer has a length, a long one is sent as it is written. */
class WholeJsonTest {
  private final MockHttpServletResponse response = new MockHttpServletResponse();

  @Test
  void aShortAnswerHasItsLength() throws IOException {
    write("ü");
    assertThat(response.getContentAsByteArray()).hasSize(13);
    assertThat(response.getContentLength()).isEqualTo(13);
    assertThat(response.getContentAsString()).isEqualTo("{\"text\":\"ü\"}");
  }

  @Test
  void aLongAnswerIsWholeWithoutOne() throws IOException {
    String text = "0123456789".repeat(WholeJson.MOST);
    write(text);
    assertThat(response.getContentAsString()).isEqualTo("{\"text\":\"" + text + "\"}");
    assertThat(response.getHeader("Content-Length")).isNull();
  }

  private void write(String text) throws IOException {
    response.setCharacterEncoding("UTF-8");
    try (ServletServerHttpResponse message = new ServletServerHttpResponse(response)) {
      new WholeJson(JsonMapper.builder().build())
          .write(
              Map.of("text", text),
              ResolvableType.forClass(Map.class),
              MediaType.APPLICATION_JSON,
              message,
              null);
    }
  }
}
