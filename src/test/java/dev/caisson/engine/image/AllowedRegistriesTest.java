package dev.caisson.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.sandbox.EngineException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which registries the engine may be asked for, whatever way somebody writes them. */
class AllowedRegistriesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "busybox",
        "library/busybox",
        "team/image:1",
        "ghcr.io/team/image",
        "registry.example.com:5000/a/b@sha256:"
            + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "registry:5000/x",
        "8.8.8.8:5000/x",
        "172.15.0.1/x",
        "172.32.0.1/x",
        "192.167.1.1/x",
        "100.128.0.1/x",
        "169.253.0.1/x",
        "11.0.0.1/x",
        "[2606:4700::1111]:5000/x",
        "notlocalhost.example/x",
        "localhost.example.com/x",
        "internal.example.com/x",
        "10.0.0.1.example.com/x",
        "localhost5/x"
      })
  void publicOnesAreAllowed(String image) {
    check(image, "public");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1/x",
        "127.0.0.1:5000/x:latest",
        "127.255.255.254:1/x",
        "localhost/x",
        "localhost:5000/x",
        "LOCALHOST/x",
        "LocalHost:5000/x",
        "localhost.:5000/x",
        "localhost..:5000/x",
        "a.localhost:5000/x",
        "a.LOCALHOST./x",
        "localhost.localdomain:5000/x",
        "ip6-localhost:5000/x",
        "host.docker.internal:5000/x",
        "metadata.google.internal/x",
        "169.254.169.254/x",
        "10.0.0.1/x",
        "10.255.255.255:5000/x",
        "172.16.0.1:5000/x",
        "172.31.255.255/x",
        "192.168.1.1/x",
        "100.64.0.1/x",
        "100.127.255.255/x",
        "0.0.0.0:5000/x",
        "0.1.2.3/x",
        "0:5000/x",
        "192.0.0.8/x",
        "198.18.0.1/x",
        "224.0.0.1/x",
        "255.255.255.255/x",
        "127.0.0.1.:5000/x",
        "2130706433:5000/x",
        "017700000001:5000/x",
        "0x7f000001:5000/x",
        "0X7F000001:5000/x",
        "0x7f.1/x",
        "0x7f.0x0.0x0.0x1/x",
        "0177.0.0.1/x",
        "127.1/x",
        "127.0.1/x",
        "127.000.000.001/x",
        "010.0.0.1/x",
        "8.8.8.08/x",
        "134744072:5000/x",
        "999.1.1.1/x",
        "1.2.3.4.5/x",
        "a.0x/x",
        "[::1]:5000/x",
        "[::]:5000/x",
        "[0:0:0:0:0:0:0:1]:5000/x",
        "[::ffff:7f00:1]:5000/x",
        "[::FFFF:A00:1]/x",
        "[::7f00:1]/x",
        "[64:ff9b::7f00:1]/x",
        "[2002:7f00:1::]/x",
        "[2001:0:7f00::]/x",
        "[fe80::1]:5000/x",
        "[FE80::1]/x",
        "[fec0::1]/x",
        "[fc00::1]/x",
        "[fd12:3456::1]:5000/x",
        "[ff02::1]/x",
        "[1::2::3]/x",
        "[:]/x"
      })
  void thoseOfThisMachineAndOfPrivateNetworksAreNot(String image) {
    refused(image, "public");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:5000, 127.0.0.1:5000/x, 127.0.0.1:5001/x",
    "127.0.0.1:5000, 127.0.0.1.:05000/x, 127.0.0.1/x",
    "[::1]:5000, [0:0::1]:5000/x, [::1]/x",
    "LOCALHOST:5000, localhost.:5000/x, a.localhost:5000/x",
    "ghcr.io, GHCR.io/x/y, ghcr.io:444/x",
    "docker.io, busybox, docker.example/x",
    "docker.io, index.docker.io/library/busybox, ghcr.io/x",
    "docker.io, docker.io/x/y, localhost/x",
    "*.example.com, a.b.Example.com/x, example.com/x",
    "*.example.com, a.example.com/x, a.example.com:5000/x",
    "*.example.com:5000, a.example.com:5000/x, notexample.com:5000/x",
    "' 10.0.0.7:5000 ', 10.0.0.7:5000/x, 10.0.0.70:5000/x",
    "*.1, a.b/own, 127.0.0.1/x"
  })
  void aListIsOfThoseAndNoOther(String entry, String allowed, String refused) {
    check(allowed, entry);
    refused(refused, entry);
    check(allowed, "other.test", entry);
    check(allowed, "public", entry);
  }

  @Test
  void theOperatorsOwnImageComesFromWhereverHeSays() {
    check("a.b/own", "ghcr.io");
    refused("a.b/own:1", "ghcr.io");
    refused("a.b/owner", "ghcr.io");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "*", "http://ghcr.io", "ghcr.io/team", "a b", "ghcr.io:x", "*.[::1]", "[::1"})
  void whatIsNoRegistryIsSaidAtTheStart(String entry) {
    assertThatThrownBy(() -> new AllowedRegistries(List.of("docker.io", entry), "a.b/own"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + entry + "\"")
        .hasMessageContaining("caisson.sandbox.images.registries");
  }

  private static void check(String image, String... entries) {
    new AllowedRegistries(List.of(entries), "a.b/own").check(ImageReference.parse(image));
  }

  private static void refused(String image, String... entries) {
    ImageReference reference = ImageReference.parse(image);
    assertThatThrownBy(() -> new AllowedRegistries(List.of(entries), "a.b/own").check(reference))
        .isInstanceOfSatisfying(
            EngineException.RegistryNotAllowed.class,
            e -> {
              String registry = String.valueOf(e.details().get("registry"));
              assertThat(image).startsWith(registry.equals("docker.io") ? "" : registry);
            });
  }
}
