package io.costoptimal.gateway.cost;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Usage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * Who served a conversation last, so that the next turn may find its beginning in that provider's cache. Any thread, without
 * a lock; bounded, so that the oldest of a few turns makes room for a new one.
 *
 * <p>A conversation is known by the first {@value #START} bytes of its body and the key that sent it: a client sends
 * everything said before again, and providers keep what requests begin with. Shorter bodies are none, since no provider
 * caches as little. What is here is a hint: the worst that a wrong one does is a request that costs more than it had to.
 */
public final class Conversations {

    /** How many bytes of a body make it known. */
    public static final int START = 2048;

    /** How long a provider is taken to keep what it was sent: OpenAI and Anthropic say five minutes at least. */
    static final Duration KEPT = Duration.ofMinutes(5);

    /** Providers cache nothing shorter. */
    private static final int LEAST_CACHED = 1024;

    private static final int SLOTS = 8192;
    private static final int PROBES = 4;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final AtomicReferenceArray<Turn> turns = new AtomicReferenceArray<>(SLOTS);
    private final long seed = ThreadLocalRandom.current().nextLong();
    private final LongSupplier clock;

    /**
     * The last turn of a conversation.
     *
     * @param bytes length of the request's body
     * @param cached whether the next turn is expected to find this one in the cache
     * @param at milliseconds
     */
    private record Turn(long conversation, Served by, int bytes, boolean cached, long at) {}

    /**
     * Who answered.
     *
     * @param model as it was sent
     */
    private record Served(String provider, String model) {}

    /** @param clock milliseconds that only go forward, from whatever start */
    public Conversations(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * The number of a conversation; 0 for none. Nobody outside can tell it in advance.
     *
     * @param key the name of the client's key
     * @param start what the body begins with, {@link #START} bytes; longer is the same conversation as far as it goes
     * @param length how much of {@code start} there is
     */
    public long number(String key, byte[] start, int length) {
        if (length < START) {
            return 0;
        }
        long number = mixed(seed ^ key.hashCode());
        for (int i = 0; i < START; i += Long.BYTES) {
            number = mixed(number ^ (long) LONGS.get(start, i));
        }
        return number == 0 ? 1 : number;
    }

    /** Every bit of the result depends on every bit of {@code bits}. */
    static long mixed(long bits) {
        long mixed = (bits ^ bits >>> 32) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 29) * 0xBF58476D1CE4E5B9L;
        return mixed ^ mixed >>> 32;
    }

    /**
     * Which candidate has the beginning of this request in its cache, as far as can be expected.
     *
     * @param conversation see {@link #number}; 0 for none
     * @param listed in the order of the configuration
     * @param model what candidates are sent that have no name of their own for it
     * @param bytes length of the request's body
     * @return {@code null} for nobody
     */
    public Demand.Warm warm(long conversation, List<Candidate> listed, String model, int bytes) {
        Turn last = conversation == 0 ? null : last(conversation);
        if (last == null || !last.cached()) {
            return null;
        }
        for (int place = 0; place < listed.size(); place++) {
            Candidate candidate = listed.get(place);
            String sent = candidate.model() == null ? model : candidate.model();
            if (candidate.provider().id().equals(last.by().provider())
                    && last.by().model().equals(sent)) {
                return new Demand.Warm(place, (int) Math.min(1000, 1000L * last.bytes() / Math.max(1, bytes)));
            }
        }
        return null;
    }

    /**
     * A turn was answered. If the one before had gone to the same place and nothing of it came from the cache, no cache is
     * expected there any more.
     *
     * @param conversation see {@link #number}; 0 for none
     * @param candidate who answered
     * @param model as it was sent
     * @param bytes length of the request's body
     * @param usage what the provider told of it
     */
    public void answered(long conversation, Candidate candidate, String model, int bytes, Usage.Input usage) {
        if (conversation == 0 || model == null) {
            return;
        }
        Served by = new Served(candidate.provider().id(), model);
        Turn last = last(conversation);
        boolean again = last != null && last.by().equals(by);
        boolean cached = usage.total() >= LEAST_CACHED && (!again || usage.cached() > 0);
        put(new Turn(conversation, by, bytes, cached, clock.getAsLong()));
    }

    /** {@code null} when there was none lately. */
    private Turn last(long conversation) {
        for (int i = 0; i < PROBES; i++) {
            Turn turn = turns.get(slot(conversation, i));
            if (turn != null && turn.conversation() == conversation) {
                return clock.getAsLong() - turn.at() <= KEPT.toMillis() ? turn : null;
            }
        }
        return null;
    }

    private void put(Turn turn) {
        int oldest = slot(turn.conversation(), 0);
        long age = Long.MIN_VALUE;
        for (int i = 0; i < PROBES; i++) {
            int slot = slot(turn.conversation(), i);
            Turn there = turns.get(slot);
            if (there == null || there.conversation() == turn.conversation()) {
                turns.set(slot, turn);
                return;
            }
            if (turn.at() - there.at() > age) {
                age = turn.at() - there.at();
                oldest = slot;
            }
        }
        turns.set(oldest, turn);
    }

    private static int slot(long conversation, int probe) {
        return (int) (conversation >>> 20) + probe & SLOTS - 1;
    }
}
