package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.exchange.BodyMemory;
import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A client's connection by HTTP/2 without a network, on whose streams exchanges are begun that nobody asked for. Confined to
 * the test's thread.
 */
public final class StreamsOf {

    private static final Duration NEVER = Duration.ofDays(365);
    private static final int INITIAL_WINDOW = 4;
    private static final int LARGE = 1 << 30;
    private static final int END_STREAM = 1;

    private final EmbeddedChannel channel;
    private final Http2ClientConnection connection;
    private int last = -1;

    /** @param runners makes what runs the exchanges of each stream */
    public StreamsOf(EmbeddedChannel channel, Function<ClientSide, ExchangeRunner> runners) {
        this.channel = channel;
        Timeouts.Client stall = Timeouts.DEFAULTS.client();
        Timeouts.Client patient = new Timeouts.Client(NEVER, NEVER, NEVER, stall.writeStall(), stall.linger());
        connection = new Http2Setup(
                        Limits.DEFAULTS, patient, BodyMemory.UNLIMITED, new ByteBudget(LARGE), new FloodCounts())
                .connection(null, runners);
        channel.pipeline().addLast(connection);
        channel.writeInbound(Http2CodecUtil.connectionPrefaceBuf());
        window(LARGE);
        send(Http2FrameTypes.WINDOW_UPDATE, 0, Unpooled.copyInt(LARGE));
    }

    /** What the client takes of each stream before it is asked. */
    public void window(int bytes) {
        send(
                Http2FrameTypes.SETTINGS,
                0,
                Unpooled.buffer().writeShort(INITIAL_WINDOW).writeInt(bytes));
    }

    /** The client takes {@code bytes} more of the last stream. */
    public void takes(int bytes) {
        send(Http2FrameTypes.WINDOW_UPDATE, last, Unpooled.copyInt(bytes));
    }

    /** The client gives the last stream up. */
    public void resets() {
        if (last > 0) {
            send(Http2FrameTypes.RST_STREAM, last, Unpooled.copyInt(8));
        }
    }

    private void send(byte type, int stream, ByteBuf payload) {
        send(type, 0, stream, payload);
    }

    private void send(byte type, int flags, int stream, ByteBuf payload) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeMedium(payload.readableBytes())
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream);
        frame.writeBytes(payload);
        payload.release();
        channel.writeInbound(frame);
    }

    /** The client sends {@code piece}, taken, of the body on the last stream. */
    public void sends(ByteBuf piece, boolean last) {
        send(Http2FrameTypes.DATA, last ? END_STREAM : 0, this.last, piece);
    }

    /** Begins {@code exchange} on a new stream, on which {@link #sends} follows if its body passes while it arrives. */
    public void begin(Exchange exchange) {
        last += 2;
        try {
            connection
                    .clients()
                    .begin(
                            connection.connection().remote().createStream(last, exchange.passing() == null),
                            exchange,
                            null,
                            false);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Something threw that must not. */
    public void thrown(ExchangeRunner runner, Throwable cause) {
        runner.defect(cause);
    }

    /** Ends the connection, and returns the streams that the client saw to their ends. */
    public List<Integer> close() {
        channel.runPendingTasks();
        channel.pipeline().remove(connection);
        channel.runPendingTasks();
        ByteBuf sent = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            sent.writeBytes(part);
            part.release();
        }
        List<Integer> ended = new ArrayList<>();
        while (sent.isReadable()) {
            int length = sent.readUnsignedMedium();
            int type = sent.readByte();
            int flags = sent.readByte();
            int stream = sent.readInt();
            sent.skipBytes(length);
            if ((type == Http2FrameTypes.DATA || type == Http2FrameTypes.HEADERS) && (flags & 1) != 0) {
                ended.add(stream);
            }
        }
        sent.release();
        return ended;
    }
}
