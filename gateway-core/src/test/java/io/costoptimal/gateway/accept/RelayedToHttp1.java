package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.stage.ClientSide;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.util.function.IntConsumer;

/**
 * An HTTP/1 client as far as providers' answers go: these become the bytes that it gets. It has no connection that could go on
 * or end, and of the gateway's own answers it tells the status. Confined to the test's thread.
 */
public final class RelayedToHttp1 implements ClientSide {

    private final Http1Client client;
    private final IntConsumer answered;
    private Runnable atEnd = () -> {};

    /**
     * @param ctx what bytes are written to
     * @param answered told the status of each answer of the gateway's own
     */
    public RelayedToHttp1(ChannelHandlerContext ctx, IntConsumer answered) {
        this.client = new Http1Client(null, ctx, new ClientOutput(ctx));
        this.answered = answered;
    }

    /** Answers are for {@code exchange} from now on. */
    public void begins(Exchange exchange, boolean keepAlive) {
        client.begins(exchange, keepAlive);
    }

    @Override
    public void answer(LocalAnswer answer, boolean last) {
        answered.accept(answer.status());
    }

    /** What follows within the end of the next exchange that is answered whole. */
    public void atEnd(Runnable next) {
        atEnd = next;
    }

    @Override
    public void end() {
        client.flush();
        Runnable next = atEnd;
        atEnd = () -> {};
        next.run();
    }

    @Override
    public void abort(boolean left) {}

    @Override
    public void askForBody() {}

    @Override
    public void holdBody() {}

    @Override
    public void resumeBody() {}

    @Override
    public boolean takesChunks() {
        return client.takesChunks();
    }

    @Override
    public void begin(ResponseHead head, Ending ending, ByteBuf first) {
        client.begin(head, ending, first);
    }

    @Override
    public void body(ByteBuf bytes) {
        client.body(bytes);
    }

    @Override
    public void insert(byte[] payload) {
        client.insert(payload);
    }

    @Override
    public void flush() {
        client.flush();
    }

    @Override
    public boolean writable() {
        return client.writable();
    }

    @Override
    public void watch() {
        client.watch();
    }

    @Override
    public boolean progressed() {
        return client.progressed();
    }

    @Override
    public String address() {
        return client.address();
    }

    @Override
    public ByteBufAllocator alloc() {
        return client.alloc();
    }

    @Override
    public EventExecutor loop() {
        return client.loop();
    }
}
