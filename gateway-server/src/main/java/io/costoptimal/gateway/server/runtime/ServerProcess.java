package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.server.accesslog.Logging;
import io.costoptimal.gateway.server.config.GatewayConfig.Life;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A server for as long as its process lives: SIGTERM or SIGINT drains, after a delay if there is one; a second one stops at
 * once; SIGHUP reloads. A process that takes over ends this one when its connections have ended; SIGTERM then drains them.
 * Made and run on the main thread; signals come on threads of their own.
 */
public final class ServerProcess {

    private static final Logger LOG = LogManager.getLogger(ServerProcess.class);

    /** A drain ends by itself; this is how late it may be. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final long FLUSH_MILLIS = 1_000;
    private static final int KILLED_BY = 128;

    private final GatewayServer server;
    private final Life life;
    private final Runnable reload;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stop = new CountDownLatch(1);
    /** Completes when the last connection has ended; {@code null} while no other process serves in this one's place. */
    private volatile CompletableFuture<Boolean> handedOver;

    private final AtomicBoolean hurried = new AtomicBoolean();

    /**
     * @param life how a drain goes
     * @param reload what SIGHUP does
     */
    public ServerProcess(GatewayServer server, Life life, Runnable reload) {
        this.server = server;
        this.life = life;
        this.reload = reload;
    }

    /**
     * Runs until told to stop; the server is closed and the log is written when this returns.
     *
     * @param announce run once signals are handled, so that whoever hears of it may send one; {@code false} when the server
     *     is not to serve after all, and stops
     * @param told run when it is told to stop, before anything else
     * @return what {@code announce} did
     */
    public boolean run(BooleanSupplier announce, Runnable told) throws InterruptedException {
        handle("TERM", () -> stop(15));
        handle("INT", () -> stop(2));
        handle("HUP", this::reload);
        boolean serves = announce.getAsBoolean();
        if (serves) {
            stop.await();
        }
        told.run();
        if (serves && handedOver == null && !life.drainDelay().isZero()) {
            server.announceDrain(life.drainDelay());
            Thread.sleep(life.drainDelay().toMillis());
        }
        LOG.info("stopped drained={}", drained());
        server.close();
        Logging.flush(FLUSH_MILLIS);
        return serves;
    }

    private static void handle(String signal, Runnable action) {
        switch (Signals.handle(signal, action)) {
            case IGNORED -> ignored(signal);
            case UNAVAILABLE -> LOG.warn("signal_unavailable signal={} (expected: a JVM without -Xrs)", signal);
            default -> {}
        }
    }

    private static void ignored(String signal) {
        switch (signal) {
            case "HUP" ->
                LOG.warn("signal_ignored signal=HUP (expected: not to be started under nohup, or reload: watch)");
            // What a shell without job control does to everything it starts in the background; nobody types ^C there.
            case "INT" -> LOG.debug("signal_ignored signal=INT");
            default ->
                LOG.warn("signal_ignored signal={} (expected: that whoever starts the gateway leaves it)", signal);
        }
    }

    private void stop(int signal) {
        if (stopping.compareAndSet(false, true)) {
            stop.countDown();
            return;
        }
        if (handedOver != null && hurried.compareAndSet(false, true)) {
            server.drain(life.drain());
            return;
        }
        LOG.warn("stopped_at_once");
        server.flush(Duration.ofMillis(FLUSH_MILLIS));
        Logging.flush(FLUSH_MILLIS);
        // Not exit: that would wait for whatever the first signal has begun.
        Runtime.getRuntime().halt(KILLED_BY + signal);
    }

    /** Another process serves: this one ends when its connections have. Any thread. */
    public void handedOver() {
        if (stopping.compareAndSet(false, true)) {
            handedOver = server.handOver(life.drain());
            stop.countDown();
        }
    }

    /** Loads the configuration anew, unless the process is stopping. Any thread; waits for a reload that is running. */
    public void reload() {
        if (stopping.get()) {
            return;
        }
        synchronized (this) {
            reload.run();
        }
    }

    private boolean drained() throws InterruptedException {
        try {
            CompletableFuture<Boolean> ended = handedOver == null ? server.drain(life.drain()) : handedOver;
            return ended.get(life.drain().plus(SLACK).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("drain_failed", e);
            return false;
        }
    }
}
