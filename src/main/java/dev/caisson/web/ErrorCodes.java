package dev.caisson.web;

import dev.caisson.access.AccessErrorCode;
import dev.caisson.access.GrantErrorCode;
import dev.caisson.docker.DockerErrorCode;
import dev.caisson.error.CommonErrorCode;
import dev.caisson.error.ErrorCode;
import dev.caisson.files.FileErrorCode;
import dev.caisson.forward.ForwardErrorCode;
import dev.caisson.ports.PortsErrorCode;
import dev.caisson.process.ProcessErrorCode;
import dev.caisson.proxy.ProxyErrorCode;
import dev.caisson.sandbox.EngineErrorCode;
import dev.caisson.sandbox.SandboxErrorCode;
import dev.caisson.sandbox.SupervisorErrorCode;
import dev.caisson.session.SessionErrorCode;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.template.TemplateErrorCode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The codes of all rooms, as the contract and the documentation list them. */
final class ErrorCodes {
  static final List<Class<? extends ErrorCode>> FAMILIES =
      List.of(
          CommonErrorCode.class,
          AccessErrorCode.class,
          SandboxErrorCode.class,
          EngineErrorCode.class,
          SupervisorErrorCode.class,
          TemplateErrorCode.class,
          ProcessErrorCode.class,
          SessionErrorCode.class,
          FileErrorCode.class,
          DockerErrorCode.class,
          PortsErrorCode.class,
          ProxyErrorCode.class,
          ForwardErrorCode.class,
          GrantErrorCode.class);

  /** The codes that are not the system's and reach callers as the supervisor gives them. */
  private static final Set<RefusalCode> OTHER_RELAYED =
      EnumSet.of(
          RefusalCode.NO_SUCH_USER,
          RefusalCode.NOT_A_FILE,
          RefusalCode.SANDBOX_ENDED,
          RefusalCode.OUTPUT_LOST);

  private ErrorCodes() {}

  /** Returns the codes that reach callers as a supervisor gives them. */
  static List<RefusalCode> relayed() {
    return Arrays.stream(RefusalCode.values())
        .filter(code -> code.origin() == RefusalCode.Origin.SYSTEM || OTHER_RELAYED.contains(code))
        .toList();
  }

  /** Returns the names of all codes, in order. */
  static List<String> names() {
    return Stream.concat(
            FAMILIES.stream()
                .flatMap(family -> Stream.of(family.getEnumConstants()))
                .map(ErrorCode::name),
            relayed().stream().map(RefusalCode::name))
        .sorted()
        .toList();
  }
}
