package dev.caisson.cli.terminal;

import dev.caisson.cli.client.CliException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * The signals to this program. The JDK's only way to hear one is {@code sun.misc.Signal}, which
 * javac reports with a warning wherever it is named, so it is found by its name, as JLine does.
 */
final class Signals {
  private Signals() {}

  /** Runs an action at each such signal, in place of the signal's own effect. */
  @SuppressWarnings("ReferenceEquality")
  static void on(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler call =
          (self, method, arguments) ->
              switch (method.getName()) {
                case "hashCode" -> System.identityHashCode(self);
                case "equals" -> arguments != null && self == arguments[0];
                case "toString" -> "at " + name;
                default -> {
                  action.run();
                  yield null;
                }
              };
      Object made =
          Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, call);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), made);
    } catch (ReflectiveOperationException e) {
      throw new CliException.Failed("cannot listen to the signal " + name, e);
    }
  }
}
