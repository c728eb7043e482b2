package dev.caisson.it.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Directories that an ordinary user swaps for links, atomically and without a pause, while trees
 * that they are in are deleted and packed by root's hand, through the API.
 */
@ExtendWith(SharedService.class)
class SwappedLinksIT {
  private static final int ROUNDS = 150;

  /** Exchanges {@code /race/dir} and {@code /race/link} for ever (renameat2, RENAME_EXCHANGE). */
  private static final String SWAP =
      """
      my $renameat2 = `uname -m` eq "aarch64\\n" ? 276 : 316;
      my ($dir, $link, $swaps) = ("/race/dir/sub", "/race/link", 0);
      $SIG{TERM} = sub { print "$swaps\\n"; exit };
      while (1) {
        mkdir "/race/dir"; mkdir $dir; symlink "/precious", $link;
        open(my $f, '>', "$dir/file"); close $f if $f;
        for (1 .. 50) { $swaps++ if syscall($renameat2, -100, $dir, -100, $link, 2) == 0; }
      }
      """;

  @Test
  void nothingOutsideOfATreeIsDeletedOrPacked(Api api) {
    String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    String files = "/v1/sandboxes/" + sandbox + "/files";
    api.shell(
        sandbox,
        "mkdir -p /precious /race; echo keep >/precious/file; chmod 755 /precious; chown 1000:1000 /race");
    long swapper =
        api.start(
            sandbox, Map.of("command", new String[] {"perl", "-e", SWAP}, "user", "1000:1000"));
    for (int i = 0; i < ROUNDS; i++) {
      // Each may be refused, as the tree is by turns one thing and another.
      assertThat(api.delete(files + "?path=/race/dir&recursive=true").status()).isLessThan(500);
      Api.Reply packed = api.get(files + "/archive?path=/race/dir");
      assertThat(packed.status()).isLessThan(500);
      assertThat(packed.text()).doesNotContain("keep");
    }
    api.post(
        "/v1/sandboxes/" + sandbox + "/processes/" + swapper + "/signal", Map.of("signal", "TERM"));
    String swaps = Api.text(api.awaitExit(sandbox, swapper), "stdout").strip();
    assertThat(Integer.parseInt(swaps)).as("it did swap them").isGreaterThan(ROUNDS);
    assertThat(
            Api.text(
                api.shell(sandbox, "ls /precious; cat /precious/file; stat -c %u:%a /precious"),
                "stdout"))
        .isEqualTo("file\nkeep\n0:755\n");
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
  }
}
