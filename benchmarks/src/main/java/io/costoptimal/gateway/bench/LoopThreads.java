package io.costoptimal.gateway.bench;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads like those of event loops, for JMH ({@code -Djmh.executor=CUSTOM}): only on such does Netty keep pooled memory
 * and thread-locals within arm's reach.
 */
public final class LoopThreads extends ThreadPoolExecutor {

    /** Called by JMH. */
    public LoopThreads(int threads, String prefix) {
        super(
                threads,
                threads,
                0,
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(prefix, true));
    }
}
