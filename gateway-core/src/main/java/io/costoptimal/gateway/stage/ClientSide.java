package io.costoptimal.gateway.stage;

import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;

/**
 * The client, as one exchange sees it. HTTP/1 implements it. Confined to the event loop that the exchange runs on.
 *
 * <p>An answer is either the gateway's own, whole ({@link #answer}), or a provider's: one {@link #begin}, any number of
 * {@link #body} and {@link #insert}, and then one {@link #end} or {@link #abort}. The last two also say that the exchange
 * is over, whatever was answered; only the {@link Run} calls them. Any call may change {@link #writable}, and so lead back
 * to the caller before it returns. After the client has left, calls do nothing but release what they were given.
 */
public interface ClientSide {

    /** How a client is to find the end of a provider's answer. */
    enum Ending {
        /** By the length that the head tells, or because such an answer has no body. */
        LENGTH,
        /** By the chunked coding, in which the body is handed over; only for a client that {@link #takesChunks}. */
        CHUNKS,
        /** By {@link #end} alone; the body is handed over as payload. */
        END
    }

    /** Whether a body may be handed over in the chunked coding, as providers send it (RFC 9112, 7.1). */
    boolean takesChunks();

    /**
     * Begins a provider's answer. Nothing is sent before {@link #flush}, unless much has gathered.
     *
     * @param head complete; borrowed for the length of this call
     * @param ending how the end of the body is told; holds for every {@link #body} that follows
     * @param first takes; the first of the body, perhaps nothing. It may be what the head was read from: what of it lies
     *     before its reader index may be written over
     */
    void begin(ResponseHead head, Ending ending, ByteBuf first);

    /** Takes {@code bytes}, which go on where the last ones ended. */
    void body(ByteBuf bytes);

    /** Adds {@code payload}, which is the gateway's own, between two pieces of the body, in the coding of the answer. */
    void insert(byte[] payload);

    /** Sends what was handed over: once per read of the provider's connection, so that no event waits. */
    void flush();

    /**
     * Sends a whole answer of the gateway's own.
     *
     * @param last whether what the client sends after this request is better not read, because its framing, its size or its
     *     key were wrong
     * @throws OutOfMemoryError or what else keeps it from being written; then nothing of it was
     */
    void answer(LocalAnswer answer, boolean last);

    /** The exchange is over, and its answer is whole: flushes, and lets the client's next request come. */
    void end();

    /**
     * The exchange is over, and what the client has of its answer is not all: the client must be able to tell.
     *
     * @param left whether the client has left by itself, and is not waiting for anything
     */
    void abort(boolean left);

    /** Whether the client takes more; if not, the stages stop reading from the provider until told otherwise. */
    boolean writable();

    /** Begins to look whether the client takes what was handed over, for {@link #progressed}. */
    void watch();

    /**
     * Whether the client has taken some of what was handed over since the last look. False as well after many looks in a row,
     * so that a client that takes a byte now and then is given up in the end.
     */
    boolean progressed();

    /** Asks the client for the body, if it waits to be asked (RFC 9110, 10.1.1). */
    void askForBody();

    /** Passes nothing more of the body to the stages until {@link #resumeBody}, and lets the client send no more of it. */
    void holdBody();

    /** Goes on passing the body to the stages; does nothing if it was not held. */
    void resumeBody();

    /** The text of the IP address that the connection comes from; {@code null} when it has none. */
    String address();

    /** Where buffers for this client come from. */
    ByteBufAllocator alloc();

    /** The event loop that everything of the exchange is called on. */
    EventExecutor loop();
}
