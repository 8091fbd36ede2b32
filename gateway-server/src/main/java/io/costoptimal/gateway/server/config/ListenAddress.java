package io.costoptimal.gateway.server.config;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where to listen: at a port or at a file. Its text is as it would be written. Immutable. */
public sealed interface ListenAddress permits HostPort, ListenAddress.UnixPath {

    /** Begins the text of a file's address. */
    String UNIX = "unix:";

    /** For binding; may block to resolve a name. */
    SocketAddress address();

    /**
     * A file by which processes of this machine find a Unix domain socket.
     *
     * @param path absolute
     */
    record UnixPath(Path path) implements ListenAddress {

        /** The kernel takes 107; the rest is for the name under which the socket is made. */
        private static final int MAX_BYTES = 90;

        /**
         * Reads what stands behind {@link #UNIX}.
         *
         * @throws IllegalArgumentException saying what was expected
         */
        static UnixPath parse(String text) {
            boolean fits = text.startsWith("/")
                    && !text.endsWith("/")
                    && text.indexOf('\0') < 0
                    && text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
            if (!fits) {
                throw new IllegalArgumentException("unix:/path, absolute and at most " + MAX_BYTES + " bytes");
            }
            return new UnixPath(Path.of(text).normalize());
        }

        @Override
        public SocketAddress address() {
            return UnixDomainSocketAddress.of(path);
        }

        @Override
        public String toString() {
            return UNIX + path;
        }
    }

    /**
     * Reads {@code unix:/path}, or what {@link HostPort#parse} reads.
     *
     * @param anyHost the host of a port that is written alone
     * @throws IllegalArgumentException saying what was expected
     */
    static ListenAddress parse(String text, String anyHost) {
        return text.startsWith(UNIX) ? UnixPath.parse(text.substring(UNIX.length())) : HostPort.parse(text, anyHost);
    }
}
