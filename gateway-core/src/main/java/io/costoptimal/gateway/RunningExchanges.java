package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.AttributeKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * A look at all exchanges that run, taken by the event loops that own them, some connections at a time. Requests do nothing for
 * it: who looks pays. Each loop's part is confined to that loop; whoever asked gets the result.
 */
final class RunningExchanges<T> {

    /** Who runs the exchanges of a connection: one by HTTP/1, one for each stream by HTTP/2. */
    private static final AttributeKey<List<ExchangeRunner>> RUNNERS =
            AttributeKey.valueOf(RunningExchanges.class, "runners");

    /** Connections that are looked at before the event loop does other work. */
    private static final int AT_ONCE = 256;

    private final Function<ExchangeReport, T> look;
    private final List<CompletableFuture<List<T>>> parts = new ArrayList<>();

    private RunningExchanges(Function<ExchangeReport, T> look) {
        this.look = look;
    }

    /** Remembers that {@code runner} runs the exchanges of {@code client}. */
    static void of(Channel client, ExchangeRunner runner) {
        List<ExchangeRunner> runners = client.attr(RUNNERS).get();
        if (runners == null) {
            runners = new ArrayList<>(1);
            client.attr(RUNNERS).set(runners);
        } else {
            runners.removeIf(ExchangeRunner::closed);
        }
        runners.add(runner);
    }

    /** What {@code look} says of each exchange that runs on one of {@code clients}. */
    static <T> CompletableFuture<List<T>> all(Collection<Channel> clients, Function<ExchangeReport, T> look) {
        Map<EventLoop, Deque<Channel>> byLoop = new HashMap<>();
        for (Channel client : clients) {
            byLoop.computeIfAbsent(client.eventLoop(), loop -> new ArrayDeque<>())
                    .add(client);
        }
        RunningExchanges<T> running = new RunningExchanges<>(look);
        byLoop.forEach((loop, own) -> {
            CompletableFuture<List<T>> part = new CompletableFuture<>();
            running.parts.add(part);
            running.next(loop, own, new ArrayList<>(), part);
        });
        return CompletableFuture.allOf(running.parts.toArray(CompletableFuture[]::new))
                .thenApply(done -> running.parts.stream()
                        .flatMap(part -> part.join().stream())
                        .toList());
    }

    private void next(EventLoop loop, Deque<Channel> clients, List<T> seen, CompletableFuture<List<T>> part) {
        try {
            loop.execute(() -> {
                try {
                    some(clients, seen);
                } catch (Throwable e) {
                    part.completeExceptionally(e);
                    return;
                }
                if (clients.isEmpty()) {
                    part.complete(seen);
                } else {
                    next(loop, clients, seen, part);
                }
            });
        } catch (RejectedExecutionException e) {
            // The loop has stopped, and so have its exchanges.
            part.complete(seen);
        }
    }

    private void some(Deque<Channel> clients, List<T> seen) {
        for (int i = 0; i < AT_ONCE && !clients.isEmpty(); i++) {
            List<ExchangeRunner> runners = clients.remove().attr(RUNNERS).get();
            if (runners != null) {
                look(runners, seen);
            }
        }
    }

    private void look(List<ExchangeRunner> runners, List<T> seen) {
        for (ExchangeRunner runner : runners) {
            Exchange exchange = runner.exchange();
            if (exchange != null) {
                seen.add(look.apply(exchange));
            }
        }
    }
}
