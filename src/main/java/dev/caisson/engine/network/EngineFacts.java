package dev.caisson.engine.network;

import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.RuntimeInfo;
import dev.caisson.engine.client.ApiVersion;
import dev.caisson.sandbox.Engine;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The facts that the engine states about itself and its host.
 *
 * @param apparmor whether it puts containers under an AppArmor profile
 * @param directory where it keeps everything
 * @param seccomp whether it can filter system calls; one that cannot refuses every list
 * @param rootless whether it runs without root, and so gives nothing that needs a capability
 * @param openFiles the most that the host lets a process open, where it may raise limits at all
 *     (CAP_SYS_RESOURCE), which only a look at the host tells; else 0
 * @param devices files of the host's {@code /dev} for sandboxes with Docker, which that tells, too
 */
public record EngineFacts(
    Engine.Host host,
    boolean apparmor,
    boolean seccomp,
    @Nullable String directory,
    boolean rootless,
    long openFiles,
    List<String> devices) {
  /** The runtime that hands a sandbox its own cgroup (kit/runc-delegate.sh). */
  public static final String DELEGATE = "caisson";

  /** The data directory of an engine with userns-remap, which is one of the remapped root. */
  private static final Pattern REMAPPED = Pattern.compile(".*/(\\d+)\\.\\d+/?");

  public static EngineFacts of(Info info, ApiVersion version) {
    boolean userns = has(info.getSecurityOptions(), "userns");
    Map<String, RuntimeInfo> runtimes = info.getRuntimes();
    return new EngineFacts(
        new Engine.Host(
            Objects.requireNonNullElse(info.getServerVersion(), "unknown"),
            version.toString(),
            userns,
            userns ? root(info.getDockerRootDir()) : 0,
            runtimes != null && runtimes.containsKey(DELEGATE),
            "2".equals(info.getCGroupVersion()) ? 2 : 1,
            Objects.requireNonNullElse(info.getNCPU(), 0),
            Objects.requireNonNullElse(info.getMemTotal(), 0L)),
        has(info.getSecurityOptions(), "apparmor"),
        has(info.getSecurityOptions(), "seccomp"),
        info.getDockerRootDir(),
        has(info.getSecurityOptions(), "rootless"),
        0,
        List.of());
  }

  /** Adds the findings of a look at the host; an engine without root has none of that to give. */
  public EngineFacts with(long hostsOpenFiles, List<String> hostsDevices) {
    return rootless
        ? this
        : new EngineFacts(host, apparmor, seccomp, directory, false, hostsOpenFiles, hostsDevices);
  }

  /** Tells whether the engine has CAP_SYS_RESOURCE to give. */
  public boolean resource() {
    return openFiles > 0;
  }

  private static long root(@Nullable String directory) {
    Matcher matcher = REMAPPED.matcher(String.valueOf(directory));
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }

  /** Returns whether an option has this name, as in {@code name=seccomp,profile=default}. */
  private static boolean has(@Nullable List<String> options, String name) {
    return options != null
        && options.stream().anyMatch(o -> List.of(o.split(",", -1)).contains("name=" + name));
  }
}
