package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.netty.handler.codec.http2.Http2Connection.PropertyKey;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * The clients of one connection's streams, each of which is used for one stream after another, like the stages behind it.
 * There is no table of them but Netty's, of streams. Confined to the connection's event loop.
 */
final class StreamClients extends Http2ConnectionAdapter {

    /** Clients without a stream that a connection keeps for its next ones. */
    private static final int SPARE = 8;

    private final Http2ClientConnection connection;
    private final Function<ClientSide, ExchangeRunner> runners;
    private final PropertyKey carried;
    private final Deque<Http2Client> spare = new ArrayDeque<>();

    /** @param runners called for each client, for what runs its exchanges */
    StreamClients(Http2ClientConnection connection, Function<ClientSide, ExchangeRunner> runners) {
        this.connection = connection;
        this.runners = runners;
        this.carried = connection.connection().newKey();
    }

    /** The client of {@code stream}; {@code null} when it has none yet, or no more. */
    Http2Client of(Http2Stream stream) {
        return stream.getProperty(carried);
    }

    /**
     * {@code stream} carries {@code exchange} from now on.
     *
     * @param refusal why that is not served; {@code null} when it is
     * @param ends whether it has no body
     */
    void begin(Http2Stream stream, Exchange exchange, Rejection refusal, boolean ends) {
        Http2Client client = spare.isEmpty() ? new Http2Client(connection, runners) : spare.pop();
        stream.setProperty(carried, client);
        connection.timers().busy();
        client.begins(stream, exchange, refusal, ends);
    }

    /** Those of all streams that are open now. */
    List<Http2Client> all() {
        List<Http2Client> all = new ArrayList<>();
        try {
            connection.connection().forEachActiveStream(stream -> {
                Http2Client client = of(stream);
                if (client != null) {
                    all.add(client);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return all;
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        Http2Client client = stream.removeProperty(carried);
        if (client == null) {
            return;
        }
        client.closed();
        if (spare.size() < SPARE && connection.context().channel().isActive()) {
            spare.push(client);
        } else {
            client.close();
        }
        connection.timers().ended();
    }

    /** There will be no more streams. */
    void close() {
        spare.forEach(Http2Client::close);
        spare.clear();
    }
}
