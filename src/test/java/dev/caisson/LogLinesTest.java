package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** What comes from a sandbox stays within the line of the event that tells of it. */
@ExtendWith(OutputCaptureExtension.class)
class LogLinesTest {
  private static final String FORGED = "2026-01-01T00:00:00.000Z ERROR a line of nobody";
  private static final String SAID =
      "a\r\n" + FORGED + "\n" + FORGED + "\r" + FORGED + "\u001B[2J\0\u0085\u2028" + FORGED;

  @Configuration(proxyBeanMethods = false)
  static class Nothing {}

  @Test
  void letsNothingThatIsLoggedForgeALine(CapturedOutput output) {
    SpringApplication application = new SpringApplication(Nothing.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setRegisterShutdownHook(false);
    try (ConfigurableApplicationContext _ = application.run()) {
      LoggerFactory.getLogger(LogLinesTest.class)
          .atError()
          .addKeyValue("said", SAID)
          .setCause(new IllegalStateException(SAID, new java.io.IOException(SAID)))
          .log("it said " + SAID);
    }

    List<String> lines =
        output.getOut().lines().dropWhile(line -> !line.contains("it said")).toList();
    assertThat(lines).hasSizeGreaterThan(10);
    assertThat(lines.getFirst())
        .contains("it said a␤␤2026", "said=a␤␤2026")
        .endsWith("LogLinesTest");
    assertThat(lines.subList(1, lines.size()))
        .allMatch(line -> line.isEmpty() || line.startsWith("| "));
    assertThat(lines).anyMatch(line -> line.startsWith("| \tat dev.caisson.LogLinesTest"));
    assertThat(lines).noneMatch(line -> line.matches(".*[\\p{Cntrl}&&[^\\t]].*"));
  }
}
