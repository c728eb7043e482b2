package dev.caisson.supervisor.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A builder of {@link Request.DockerPlan}s: without its methods a plan leaves everything to the
 * daemon and its keeper.
 */
public final class DockerPlanBuilder {
  private List<String> registryMirrors = List.of();
  private List<String> insecureRegistries = List.of();
  private int mtu;
  private @Nullable String bridgeAddress;
  private @Nullable String addressPool;
  private long muteMillis;
  private long startMillis;
  private long diskBytes;

  DockerPlanBuilder() {}

  public DockerPlanBuilder registryMirrors(List<String> registryMirrors) {
    this.registryMirrors = registryMirrors;
    return this;
  }

  public DockerPlanBuilder insecureRegistries(List<String> insecureRegistries) {
    this.insecureRegistries = insecureRegistries;
    return this;
  }

  public DockerPlanBuilder mtu(int mtu) {
    this.mtu = mtu;
    return this;
  }

  public DockerPlanBuilder bridgeAddress(@Nullable String bridgeAddress) {
    this.bridgeAddress = bridgeAddress;
    return this;
  }

  public DockerPlanBuilder addressPool(@Nullable String addressPool) {
    this.addressPool = addressPool;
    return this;
  }

  public DockerPlanBuilder muteMillis(long muteMillis) {
    this.muteMillis = muteMillis;
    return this;
  }

  public DockerPlanBuilder startMillis(long startMillis) {
    this.startMillis = startMillis;
    return this;
  }

  public DockerPlanBuilder diskBytes(long diskBytes) {
    this.diskBytes = diskBytes;
    return this;
  }

  public Request.DockerPlan build() {
    return new Request.DockerPlan(
        registryMirrors,
        insecureRegistries,
        mtu,
        bridgeAddress,
        addressPool,
        muteMillis,
        startMillis,
        diskBytes);
  }
}
