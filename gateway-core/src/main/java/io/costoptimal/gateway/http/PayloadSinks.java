package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Several sinks that see the same payload, in their order. Confined to one event loop. */
public final class PayloadSinks implements PayloadSink {

    private final PayloadSink[] sinks;

    private PayloadSinks(PayloadSink[] sinks) {
        this.sinks = sinks;
    }

    /**
     * Returns one sink that stands for {@code sinks}; {@code null} when there is none to stand for.
     *
     * @param sinks any of them may be {@code null}, and is left out
     */
    public static PayloadSink of(PayloadSink... sinks) {
        int n = 0;
        PayloadSink last = null;
        for (PayloadSink sink : sinks) {
            if (sink != null) {
                last = sink;
                sinks[n++] = sink;
            }
        }
        return n < 2 ? last : new PayloadSinks(Arrays.copyOf(sinks, n));
    }

    @Override
    public void payload(ByteBuf buf, int index, int length) {
        for (PayloadSink sink : sinks) {
            sink.payload(buf, index, length);
        }
    }

    @Override
    public void over() {
        for (PayloadSink sink : sinks) {
            sink.over();
        }
    }
}
