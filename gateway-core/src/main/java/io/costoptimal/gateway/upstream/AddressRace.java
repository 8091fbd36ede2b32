package io.costoptimal.gateway.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Connects to whichever address of a name answers first (RFC 8305). Addresses are tried one after another, the families in
 * turn and IPv6 first; the next one starts when the one before has failed, or has not answered within 250 ms, and those that
 * failed a short while ago come last. Confined to its event loop.
 *
 * <p>Its listener hears one answer, unless the race is cancelled first. Every channel but the winner's is closed.
 */
final class AddressRace {

    /** RFC 8305 section 8, the recommended value. */
    static final long ATTEMPT_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** So many addresses are named in the reason of a failure. */
    private static final int SHOWN = 4;

    private final EventLoop loop;
    private final Function<InetSocketAddress, ChannelFuture> dialer;
    private final DeadAddresses dead;
    private final Listener listener;

    private final Deque<InetSocketAddress> ipv6 = new ArrayDeque<>();
    private final Deque<InetSocketAddress> ipv4 = new ArrayDeque<>();
    private final Deque<InetSocketAddress> last = new ArrayDeque<>();

    private final Map<ChannelFuture, Attempt> running = new LinkedHashMap<>();

    /** By address, so that the reason of a failure does not depend on their order. */
    private final Map<String, String> reasons = new TreeMap<>();

    private Future<?> timer;
    private boolean begun;
    private boolean complete;
    private boolean over;
    private boolean ipv6Next = true;
    private int attempts;

    /** @param number in the order the attempts began */
    private record Attempt(InetSocketAddress address, int number) {}

    /** Who wants the connection. */
    interface Listener {

        /** Takes {@code channel}, which is connected. */
        void won(Channel channel);

        /** No address could be connected to. */
        void lost();
    }

    /**
     * @param dialer begins to connect to an address; may throw, and its future may end on any thread
     * @param dead shared by all races of a connector
     */
    AddressRace(
            EventLoop loop, Function<InetSocketAddress, ChannelFuture> dialer, DeadAddresses dead, Listener listener) {
        this.loop = loop;
        this.dialer = dialer;
        this.dead = dead;
        this.listener = listener;
    }

    /** More addresses; some may come after the race has begun. */
    void add(List<InetSocketAddress> addresses) {
        long now = loop.ticker().nanoTime();
        for (InetSocketAddress address : addresses) {
            if (dead.contains(address, now)) {
                last.add(address);
            } else if (address.getAddress() instanceof Inet6Address) {
                ipv6.add(address);
            } else {
                ipv4.add(address);
            }
        }
        if (begun && timer == null && !over) {
            tryNext();
        }
    }

    /** The first attempt starts now. */
    void begin() {
        if (!begun && !over) {
            begun = true;
            tryNext();
        }
    }

    /** Whether an address was there to try. */
    boolean attempted() {
        return attempts > 0;
    }

    /** No more addresses will come. */
    void complete() {
        complete = true;
        loseIfNothingIsLeft();
    }

    /** Ends the race without an answer. What is still running is remembered as dead: it had all the time there was. */
    void cancel() {
        over = true;
        stopTimer();
        long now = loop.ticker().nanoTime();
        for (Attempt attempt : running.values()) {
            dead.add(attempt.address(), now);
            reasons.put(NetUtil.toSocketAddressString(attempt.address()), "no answer");
        }
        closeAll();
    }

    /** What was wrong with each address, for a log line; empty when nothing was. */
    String reasons() {
        List<String> shown = new ArrayList<>();
        for (Map.Entry<String, String> reason : reasons.entrySet()) {
            if (shown.size() == SHOWN) {
                shown.add("and " + (reasons.size() - SHOWN) + " more");
                break;
            }
            shown.add(reason.getKey() + " " + reason.getValue());
        }
        return String.join(", ", shown);
    }

    private void tryNext() {
        stopTimer();
        InetSocketAddress address = next();
        if (address == null) {
            loseIfNothingIsLeft();
            return;
        }
        timer = loop.schedule(this::tryNext, ATTEMPT_DELAY_NANOS, TimeUnit.NANOSECONDS);
        Attempt attempt = new Attempt(address, attempts++);
        try {
            ChannelFuture connect = dialer.apply(address);
            running.put(connect, attempt);
            // A socket that could not even be made has a future that belongs to no event loop.
            connect.addListener((ChannelFuture done) -> onLoop(() -> ended(done)));
        } catch (RuntimeException e) {
            failed(address, e);
        }
    }

    private InetSocketAddress next() {
        Deque<InetSocketAddress> first = ipv6Next ? ipv6 : ipv4;
        Deque<InetSocketAddress> second = ipv6Next ? ipv4 : ipv6;
        ipv6Next = !ipv6Next;
        return !first.isEmpty() ? first.poll() : !second.isEmpty() ? second.poll() : last.poll();
    }

    private void ended(ChannelFuture connect) {
        Attempt attempt = running.remove(connect);
        if (over) {
            close(connect.channel());
        } else if (connect.isSuccess()) {
            won(connect.channel(), attempt);
        } else {
            failed(attempt.address(), connect.cause());
        }
    }

    private void won(Channel channel, Attempt winner) {
        over = true;
        stopTimer();
        dead.remove(winner.address());
        long now = loop.ticker().nanoTime();
        for (Attempt attempt : running.values()) {
            // One that began before the winner was overtaken although it had a head start.
            if (attempt.number() < winner.number()) {
                dead.add(attempt.address(), now);
            }
        }
        closeAll();
        listener.won(channel);
    }

    private void failed(InetSocketAddress address, Throwable cause) {
        dead.add(address, loop.ticker().nanoTime());
        reasons.put(NetUtil.toSocketAddressString(address), Reason.of(cause));
        tryNext();
    }

    private void loseIfNothingIsLeft() {
        boolean waiting = !ipv6.isEmpty() || !ipv4.isEmpty() || !last.isEmpty();
        if (complete && !over && !waiting && running.isEmpty()) {
            over = true;
            stopTimer();
            listener.lost();
        }
    }

    private void closeAll() {
        // Closing one may end its attempt at once, which removes it.
        List.copyOf(running.keySet()).forEach(connect -> close(connect.channel()));
    }

    /** A channel that was never registered has been closed by Netty, or stands for one that could not even be made. */
    private static void close(Channel channel) {
        if (channel.isRegistered()) {
            channel.close();
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void onLoop(Runnable step) {
        if (loop.inEventLoop()) {
            step.run();
        } else {
            loop.execute(step);
        }
    }
}
