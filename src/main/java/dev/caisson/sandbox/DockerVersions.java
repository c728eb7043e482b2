package dev.caisson.sandbox;

import dev.caisson.host.EngineReport;
import java.lang.module.ModuleDescriptor;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The versions of Docker that a sandbox can have here.
 *
 * @param usual that of a sandbox that asks for none; null where its kit does not say
 * @param others those of further kits
 */
public record DockerVersions(@Nullable String usual, List<String> others) {

  public DockerVersions {
    others = others.stream().filter(each -> !each.equals(usual)).distinct().toList();
  }

  static DockerVersions of(EngineReport.Kit kit) {
    return new DockerVersions(
        versions(kit, true).findFirst().orElse(null), versions(kit, false).toList());
  }

  private static Stream<String> versions(EngineReport.Kit kit, boolean usual) {
    return kit.dockerKits().stream()
        .filter(each -> each.isDefault() == usual)
        .map(EngineReport.DockerKit::version)
        .filter(Objects::nonNull);
  }

  /**
   * Returns the version that is meant by a version or the beginning of one: the usual one where
   * that fits, else the newest that does; null where none does.
   */
  @Nullable String find(String asked) {
    if (usual != null && begins(usual, asked)) {
      return usual;
    }
    return others.stream()
        .filter(each -> begins(each, asked))
        .max(Comparator.comparing(ModuleDescriptor.Version::parse))
        .orElse(null);
  }

  /**
   * Returns whether a version begins with the one asked for, in whole numbers: 28.1 is no beginning
   * of 28.10.
   */
  private static boolean begins(String version, String asked) {
    return version.equals(asked)
        || version.startsWith(asked + ".")
        || version.startsWith(asked + "-");
  }

  /**
   * Returns what tells sandboxes apart by the version that each asks for: null for the usual one,
   * whether it is named or not.
   */
  @Nullable String apart(@Nullable String asked) {
    if (asked == null) {
      return null;
    }
    String found = find(asked);
    return found == null ? asked : found.equals(usual) ? null : found;
  }

  /** Returns all versions, as text for people; empty where no kit says its version. */
  String named() {
    return String.join(", ", Stream.concat(Stream.ofNullable(usual), others.stream()).toList());
  }
}
