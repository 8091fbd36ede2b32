package io.costoptimal.gateway.server.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Handles signals. A shutdown hook would not do: the JVM runs hooks once and then ignores every further signal, so that a
 * second one could not stop a drain.
 *
 * <p>By reflection on {@code sun.misc.Signal}, which every JDK from 9 on keeps in {@code jdk.unsupported} for want of a
 * standard class, and which the compiler warns of by name.
 */
final class Signals {

    /** What became of the wish to handle a signal. */
    enum Handling {
        HANDLED,
        /** The process was started with the signal ignored, as {@code nohup} does with SIGHUP, and the JVM keeps to that. */
        IGNORED,
        /** This JVM does not hand out the signal, as with {@code -Xrs}. */
        UNAVAILABLE
    }

    private Signals() {}

    /**
     * Runs {@code action} on a thread of its own whenever the signal comes.
     *
     * @param name without {@code SIG}
     */
    static Handling handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                            return null;
                        }
                        return switch (method.getName()) {
                            case "equals" -> self == arguments[0];
                            case "hashCode" -> System.identityHashCode(self);
                            default -> "handler of SIG" + name;
                        };
                    });
            Object subject = signal.getConstructor(String.class).newInstance(name);
            Object former = signal.getMethod("handle", signal, handler).invoke(null, subject, proxy);
            return former == handler.getField("SIG_IGN").get(null) ? Handling.IGNORED : Handling.HANDLED;
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | NoSuchFieldException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            return Handling.UNAVAILABLE;
        }
    }
}
