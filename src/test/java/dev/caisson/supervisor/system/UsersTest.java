package dev.caisson.supervisor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.supervisor.wire.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who a name is in an image. */
class UsersTest {
  @TempDir Path directory;
  private Users users;

  @BeforeEach
  void lists() throws Exception {
    Path passwd =
        Files.writeString(
            directory.resolve("passwd"),
            "root:x:0:0:root:/root:/bin/sh\nbroken\nada:x:1000:1000::/home/ada:/bin/sh\n");
    Path group =
        Files.writeString(
            directory.resolve("group"), "ada:x:1000:\nweb:x:33:ada,bob\nop:x:37:bob\n");
    users = new Users(passwd, group);
  }

  @Test
  void isRootWhereNobodyIsNamed() throws Exception {
    assertThat(users.resolve(null)).isEqualTo(new Identity(0, 0, List.of(), "/root"));
    assertThat(users.resolve("root").root()).isTrue();
  }

  @Test
  void takesGroupsAndHomeFromTheLists() throws Exception {
    assertThat(users.resolve("ada")).isEqualTo(new Identity(1000, 1000, List.of(33L), "/home/ada"));
    assertThat(users.resolve("1000")).isEqualTo(users.resolve("ada"));
  }

  @Test
  void takesAGivenGroupAlone() throws Exception {
    assertThat(users.resolve("ada:op")).isEqualTo(new Identity(1000, 37, List.of(), "/home/ada"));
    assertThat(users.resolve("5:6")).isEqualTo(new Identity(5, 6, List.of(), "/"));
    assertThat(users.resolve("0:33").root()).isFalse();
  }

  @Test
  void takesANumberThatNobodyHas() throws Exception {
    assertThat(users.resolve("4711")).isEqualTo(new Identity(4711, 0, List.of(), "/"));
  }

  @Test
  void refusesNamesThatNobodyHas() {
    assertThatThrownBy(() -> users.resolve("eve")).hasMessageContaining("eve");
    assertThatThrownBy(() -> users.resolve("ada:none")).hasMessageContaining("none");
    assertThatThrownBy(() -> users.resolve("99999999999")).isInstanceOf(RefusedException.class);
  }

  @Test
  void livesWithoutLists() throws Exception {
    Users none = new Users(directory.resolve("no"), directory.resolve("nothing"));
    assertThat(none.resolve(null)).isEqualTo(new Identity(0, 0, List.of(), "/"));
  }
}
