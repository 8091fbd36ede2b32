package io.costoptimal.gateway.exchange;

import io.netty.util.internal.PlatformDependent;

/**
 * Every limit the engine keeps, by what it protects. Immutable; names and defaults are listed in docs/configuration.md.
 *
 * @param head of a client's request
 * @param body of a client's request
 * @param client connections from clients
 * @param upstream connections to providers
 */
public record Limits(Head head, Body body, Client client, Upstream upstream) {

    /** The documented defaults. */
    public static final Limits DEFAULTS = new Limits(
            new Head(8 * 1024, 16 * 1024, 100, 32 * 1024 * 1024),
            new Body(32 * 1024 * 1024, heldBytes(), 200, Upload.DEFAULTS),
            new Client(20_000, 256 * 1024, 1_000),
            new Upstream(20_000, 64, 32 * 1024, 16 * 1024 * 1024));

    /** Half of the memory that this process has for network buffers: the other half is for connections. */
    private static long heldBytes() {
        return Math.min(512L * 1024 * 1024, PlatformDependent.maxDirectMemory() / 2);
    }

    /**
     * Request heads.
     *
     * @param line bytes of the request line; more is 414
     * @param bytes bytes of all header lines; more is 431
     * @param count number of header fields; more is 431
     * @param unfinishedBytes memory of all heads in this process that have not come whole; more is 503
     */
    public record Head(int line, int bytes, int count, long unfinishedBytes) {}

    /**
     * Request bodies.
     *
     * @param bytes of one body; more is 413
     * @param heldBytes memory of all bodies held at one time in this process; more is 503
     * @param jsonDepth nesting of objects and arrays; more is 400
     * @param upload bodies that are sent on while they arrive
     */
    public record Body(int bytes, long heldBytes, int jsonDepth, Upload upload) {

        /** With the documented defaults for bodies that are sent on while they arrive. */
        public Body(int bytes, long heldBytes, int jsonDepth) {
            this(bytes, heldBytes, jsonDepth, Upload.DEFAULTS);
        }
    }

    /**
     * Request bodies that are sent on while they arrive.
     *
     * @param bytes of one body; more is 413
     * @param windowBytes of one body that are held, so that another provider can be asked
     */
    public record Upload(long bytes, int windowBytes) {

        /** The documented defaults. */
        public static final Upload DEFAULTS = new Upload(512L * 1024 * 1024, 1024 * 1024);
    }

    /**
     * Client connections.
     *
     * @param connections open at one time; more are closed on accept
     * @param lingerBytes read and dropped after a refusal, so that the client can read it
     * @param handshakes of TLS that go on at one time; others are closed
     */
    public record Client(int connections, int lingerBytes, int handshakes) {

        /** With the documented default for handshakes. */
        public Client(int connections, int lingerBytes) {
            this(connections, lingerBytes, DEFAULTS.client().handshakes());
        }
    }

    /**
     * Provider connections.
     *
     * @param connections open to one provider from one event loop; more wait
     * @param idle kept idle for one provider by one event loop
     * @param headBytes of a response head; more is a failed attempt
     * @param keptBytes of error answers kept in this process while other candidates are tried; more are not kept
     */
    public record Upstream(int connections, int idle, int headBytes, int keptBytes) {}
}
