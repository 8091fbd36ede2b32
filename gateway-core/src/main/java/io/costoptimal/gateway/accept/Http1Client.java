package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.http.WriteProgress;
import io.costoptimal.gateway.stage.ClientSide;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;

/** A client that speaks HTTP/1, for one exchange after another of its connection. Confined to its event loop. */
public final class Http1Client implements ClientSide {

    private ChannelHandlerContext ctx;
    private RelayedAnswer relayed;
    private WriteProgress progress;
    private Exchange exchange;

    /** Before the first exchange. */
    public void context(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        relayed = new RelayedAnswer(ctx);
        progress = new WriteProgress(ctx.channel());
    }

    /** The exchange that answers are for from now on. */
    public void exchange(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public boolean takesChunks() {
        return exchange.http11();
    }

    @Override
    public void begin(ResponseHead head, Ending ending, ByteBuf first) {
        relayed.begin(exchange, head, ending, first);
    }

    @Override
    public void body(ByteBuf bytes) {
        relayed.body(bytes);
    }

    @Override
    public void insert(byte[] payload) {
        relayed.insert(payload);
    }

    @Override
    public void flush() {
        relayed.flush();
    }

    @Override
    public void answer(LocalAnswer answer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void end() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void abort(boolean left) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void askForBody() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean writable() {
        return ctx.channel().isWritable();
    }

    @Override
    public void watch() {
        progress.restart();
    }

    @Override
    public boolean progressed() {
        return progress.goesOn();
    }

    @Override
    public String address() {
        return exchange.caller().address();
    }

    @Override
    public ByteBufAllocator alloc() {
        return ctx.alloc();
    }

    @Override
    public EventExecutor loop() {
        return ctx.executor();
    }
}
