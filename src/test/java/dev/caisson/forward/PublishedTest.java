package dev.caisson.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.sandbox.SandboxId;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

/** What a daemon says of published ports, and the addresses that they get. */
class PublishedTest {

  /** As Docker 26 answered, shortened. */
  private static final String LIST =
      """
      [{"Id":"a","Ports":[
          {"IP":"0.0.0.0","PrivatePort":80,"PublicPort":32768,"Type":"tcp"},
          {"IP":"::","PrivatePort":80,"PublicPort":32768,"Type":"tcp"},
          {"PrivatePort":443,"Type":"tcp"},
          {"IP":"0.0.0.0","PrivatePort":53,"PublicPort":53,"Type":"udp"}]},
       {"Id":"b","Ports":[{"IP":"172.17.0.1","PrivatePort":5432,"PublicPort":5432,"Type":"tcp"},
          {"IP":"127.0.0.1","PrivatePort":1,"PublicPort":70000,"Type":"tcp"}]},
       {"Id":"c"}]
      """;

  @Test
  void whatIsPublishedOverTcpIsFoundOnceWithItsHost() {
    assertThat(Published.in(LIST.getBytes(StandardCharsets.UTF_8)).values())
        .containsExactly(new Published(5432, "172.17.0.1"), new Published(32768, null));
  }

  @Test
  void whatIsNoListIsRefused() {
    assertThatThrownBy(() -> Published.in("[{".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(JacksonException.class);
    assertThat(Published.in("{\"message\":\"no\"}".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void eachSandboxHasALoopbackAddressOfItsOwnWhichIsTheSameAgain() {
    Loopback loopback = new Loopback();
    Set<InetAddress> all = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      InetAddress address = loopback.take(SandboxId.random());
      assertThat(address.isLoopbackAddress()).isTrue();
      assertThat(address.getHostAddress()).doesNotStartWith("127.0.").doesNotEndWith(".0");
      all.add(address);
    }
    assertThat(all).hasSize(1000);
    SandboxId id = SandboxId.random();
    InetAddress mine = loopback.take(id);
    assertThat(loopback.take(id)).isEqualTo(mine);
    assertThat(new Loopback().take(id)).isEqualTo(mine);
  }
}
