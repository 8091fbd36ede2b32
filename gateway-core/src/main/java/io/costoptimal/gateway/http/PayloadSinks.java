package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;

/**
 * Two sinks that see the same payload, one after the other; either may again stand for several. Confined to one event loop.
 */
public final class PayloadSinks implements PayloadSink {

    private final PayloadSink first;
    private final PayloadSink second;

    private PayloadSinks(PayloadSink first, PayloadSink second) {
        this.first = first;
        this.second = second;
    }

    /**
     * Returns a sink that stands for both: one of them where the other is {@code null}, {@code null} where both are.
     *
     * @param first sees each payload before {@code second} does
     */
    public static PayloadSink of(PayloadSink first, PayloadSink second) {
        if (first == null) {
            return second;
        }
        return second == null ? first : new PayloadSinks(first, second);
    }

    @Override
    public void payload(ByteBuf buf, int index, int length) {
        first.payload(buf, index, length);
        second.payload(buf, index, length);
    }

    @Override
    public void over() {
        try {
            first.over();
        } finally {
            second.over();
        }
    }
}
