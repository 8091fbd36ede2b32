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

    private Signals() {}

    /**
     * Runs {@code action} on a thread of its own whenever the signal comes.
     *
     * @param name without {@code SIG}
     * @return false when this JVM does not hand out the signal, as with {@code -Xrs}
     */
    static boolean handle(String name, Runnable action) {
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
            signal.getMethod("handle", signal, handler).invoke(null, subject, proxy);
            return true;
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            return false;
        }
    }
}
