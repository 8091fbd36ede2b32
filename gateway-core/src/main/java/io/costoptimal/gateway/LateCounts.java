package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.Accounted;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.exchange.RareWarning;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Has the exchanges of one event loop counted whose providers did not tell what was used, and passes them on when that is
 * done. Their clients wait for nothing. Confined to the loop.
 *
 * <p>If too many wait to be counted, and when the gateway closes, they are estimated instead: none is lost.
 */
final class LateCounts {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(LateCounts.class);
    private static final RareWarning DEFECTS = new RareWarning(LOG);

    private final EventExecutor loop;
    private final TokenCounting counting;
    private final Consumer<Exchange> then;
    /** Those that are counted now, and the jobs that do so. */
    private final Map<LateCount, Runnable> running = new LinkedHashMap<>();
    /** Those who wait until nothing is being counted. */
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();

    /** @param then gets each exchange, on the loop, once what its attempts used is set */
    LateCounts(EventExecutor loop, TokenCounting counting, Consumer<Exchange> then) {
        this.loop = loop;
        this.counting = counting;
        this.then = then;
    }

    /** Takes {@code exchange}, which is over and has attempts to count. */
    void add(Exchange exchange) {
        // The head of its request may be large.
        exchange.dropRequest();
        LateCount count = new LateCount(exchange);
        Runnable job = () -> count(count);
        try {
            counting.execute(job);
            running.put(count, job);
        } catch (RejectedExecutionException full) {
            end(count, count.estimate(), true);
        }
    }

    /** On a counting thread. */
    private void count(LateCount count) {
        List<Accounted> used;
        try {
            used = count.count(counting);
        } catch (CancellationException cancelled) {
            used = null;
        } catch (Throwable e) {
            OutOfMemory.passOn(e);
            DEFECTS.log("late_count_failed", e);
            used = count.estimate();
        } finally {
            count.release();
        }
        List<Accounted> result = used;
        try {
            loop.execute(() -> counted(count, result));
        } catch (RejectedExecutionException shutDown) {
            // Whoever closed the gateway has passed it on.
        }
    }

    private void counted(LateCount count, List<Accounted> used) {
        if (running.remove(count) != null) {
            end(count, used, false);
            tellIfIdle();
        }
    }

    /** Any thread: completes once nothing is being counted, which may be now. */
    CompletableFuture<Void> idle() {
        CompletableFuture<Void> idle = new CompletableFuture<>();
        loop.execute(() -> {
            waiting.add(idle);
            tellIfIdle();
        });
        return idle;
    }

    private void tellIfIdle() {
        if (running.isEmpty()) {
            waiting.forEach(each -> each.complete(null));
            waiting.clear();
        }
    }

    /** Passes on everything that is still being counted, estimated. */
    void flush() {
        for (Map.Entry<LateCount, Runnable> each : List.copyOf(running.entrySet())) {
            LateCount count = each.getKey();
            count.cancel();
            running.remove(count);
            end(count, count.estimate(), counting.remove(each.getValue()));
        }
        tellIfIdle();
    }

    /** @param release whether no counting thread has it, or ever will */
    private void end(LateCount count, List<Accounted> used, boolean release) {
        if (release) {
            count.release();
        }
        Exchange exchange = count.exchange();
        for (int i = 0; i < used.size(); i++) {
            exchange.accounted(exchange.uncounted().get(i).attempt(), used.get(i));
        }
        try {
            then.accept(exchange);
        } catch (Throwable e) {
            LOG.warn("listener_failed exchange={}", exchange.id(), e);
        }
    }
}
