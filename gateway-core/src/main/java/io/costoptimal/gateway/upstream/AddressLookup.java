package io.costoptimal.gateway.upstream;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Feeds a race with the addresses of one name, family by family (RFC 8305 section 3): it begins with the first IPv6 address,
 * or when IPv4 addresses have waited 50 ms for one. Confined to its event loop.
 */
final class AddressLookup {

    /** RFC 8305 section 8, the recommended value. */
    static final long RESOLUTION_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EventLoop loop;
    private final AddressRace race;

    private int pending;
    private Throwable cause;
    private Future<?> delay;

    AddressLookup(EventLoop loop, AddressRace race) {
        this.loop = loop;
        this.race = race;
    }

    /**
     * Hands every address to the race once it is known.
     *
     * @param ipv4 the name's addresses of this family; never {@code null}
     * @param ipv6 likewise; {@code null} where the machine has no such addresses itself
     */
    void start(Future<List<InetSocketAddress>> ipv4, Future<List<InetSocketAddress>> ipv6) {
        pending = ipv6 == null ? 1 : 2;
        if (ipv6 != null) {
            ipv6.addListener((Future<List<InetSocketAddress>> found) -> found(found, true));
        }
        ipv4.addListener((Future<List<InetSocketAddress>> found) -> found(found, false));
    }

    /** What went wrong with the look-up of a family, the only one if no address was found; {@code null} when nothing did. */
    Throwable cause() {
        return cause;
    }

    private void found(Future<List<InetSocketAddress>> found, boolean ipv6) {
        if (!loop.inEventLoop()) {
            loop.execute(() -> found(found, ipv6));
            return;
        }
        pending--;
        if (found.isSuccess()) {
            race.add(found.getNow());
        } else if (cause == null || !ipv6) {
            // What is wrong with the name is said best of the family that most names have.
            cause = found.cause();
        }
        if (pending == 0 || found.isSuccess() && ipv6) {
            begin();
        } else if (found.isSuccess()) {
            delay = loop.schedule(race::begin, RESOLUTION_DELAY_NANOS, TimeUnit.NANOSECONDS);
        }
        if (pending == 0) {
            race.complete();
        }
    }

    private void begin() {
        if (delay != null) {
            delay.cancel(false);
        }
        race.begin();
    }
}
