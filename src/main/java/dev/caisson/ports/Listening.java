package dev.caisson.ports;

import dev.caisson.supervisor.wire.Answer;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A listener on a port, with all the addresses on which it listens.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param process null where a container listens, or nothing does, or the process is not known
 * @param container the inner one that listens, or publishes the port
 */
public record Listening(
    int port,
    String protocol,
    TreeSet<String> addresses,
    @Nullable Holder process,
    @Nullable Container container) {
  static final Comparator<Listening> ORDER =
      Comparator.comparingInt(Listening::port).thenComparing(Listening::protocol);

  /**
   * A process in the sandbox.
   *
   * @param startedAs the process of the API from which this one descends, or is; null for none
   */
  public record Holder(long pid, @Nullable Long startedAs, @Nullable String command) {}

  /**
   * A container in the sandbox.
   *
   * @param port on which the container listens inside
   */
  public record Container(String id, @Nullable String name, int port) {}

  static Listening of(Answer.Listener listener, InnerContainers.View inner) {
    String id = listener.container();
    return new Listening(
        listener.port(),
        listener.protocol(),
        new TreeSet<>(List.of(listener.address())),
        id != null || listener.pid() == 0
            ? null
            : new Holder(
                listener.pid(),
                listener.process() == 0 ? null : listener.process(),
                listener.command()),
        id == null ? null : new Container(id, inner.name(id), listener.port()));
  }

  /** Creates an entry for a port on which nothing listens. */
  static Listening nobody(int port) {
    return new Listening(port, "tcp", new TreeSet<>(), null, null);
  }

  /** Adds a listener, or its address to a known listener that differs in that alone. */
  static void add(List<Listening> all, Listening next) {
    for (Listening known : all) {
      if (known.is(next.protocol, next.port) && known.who().equals(next.who())) {
        known.addresses.addAll(next.addresses);
        return;
      }
    }
    all.add(next);
  }

  boolean is(String other, int number) {
    return port == number && protocol.equals(other);
  }

  private String who() {
    return process + " " + container;
  }
}
