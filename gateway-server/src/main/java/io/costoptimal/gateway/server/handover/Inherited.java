package io.costoptimal.gateway.server.handover;

import io.costoptimal.gateway.Listener;
import io.costoptimal.gateway.Listener.OpenSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Open listening sockets that this process was given, by their addresses. Used by the thread that starts it. */
public final class Inherited {

    private final Map<String, Integer> descriptors = new LinkedHashMap<>();
    private final boolean ownsFiles;

    /** @param ownsFiles as in {@link OpenSocket} */
    Inherited(boolean ownsFiles) {
        this.ownsFiles = ownsFiles;
    }

    /** Returns none. */
    public static Inherited nothing() {
        return new Inherited(false);
    }

    /** Remembers the socket that listens at {@code address}, as {@link Listener#text} spells it. */
    void add(String address, int descriptor) {
        descriptors.put(address, descriptor);
    }

    /**
     * The socket that listens at {@code address}, the caller's to close; {@code null} when there is none. Once for each.
     */
    public OpenSocket take(SocketAddress address) {
        Integer descriptor = descriptors.remove(Listener.text(address));
        return descriptor == null ? null : new OpenSocket(descriptor, ownsFiles);
    }

    /** Whether there are none, or all were taken. */
    public boolean isEmpty() {
        return descriptors.isEmpty();
    }

    /** @throws IOException when one of the sockets listens at none of {@code addresses} */
    public void restrictTo(List<String> addresses) throws IOException {
        for (String address : descriptors.keySet()) {
            if (!addresses.contains(address)) {
                throw new IOException("LISTEN_FDS: " + address + " (expected: one of " + String.join(", ", addresses)
                        + ", which the configuration listens at)");
            }
        }
    }

    /** Closes what nobody took: the configuration does not listen there any more. */
    void closeRest() throws IOException {
        for (int descriptor : descriptors.values()) {
            new FileDescriptor(descriptor).close();
        }
        descriptors.clear();
    }
}
