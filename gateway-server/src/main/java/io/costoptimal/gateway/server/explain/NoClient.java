package io.costoptimal.gateway.server.explain;

import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.stage.ClientSide;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;

/** Stands for the client of a request that nobody sent, and takes no answer. */
record NoClient(EventExecutor loop) implements ClientSide {

    @Override
    public boolean takesChunks() {
        return false;
    }

    @Override
    public void begin(ResponseHead head, Ending ending, ByteBuf first) {
        body(first);
    }

    @Override
    public void body(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void insert(byte[] payload) {}

    @Override
    public void flush() {}

    @Override
    public void answer(LocalAnswer answer, boolean last) {}

    @Override
    public void end() {}

    @Override
    public void abort(boolean left) {}

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void watch() {}

    @Override
    public boolean progressed() {
        return true;
    }

    @Override
    public void askForBody() {}

    @Override
    public void holdBody() {}

    @Override
    public void resumeBody() {}

    @Override
    public String address() {
        return null;
    }

    @Override
    public ByteBufAllocator alloc() {
        return ByteBufAllocator.DEFAULT;
    }
}
