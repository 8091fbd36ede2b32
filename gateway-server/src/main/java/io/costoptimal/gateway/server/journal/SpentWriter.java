package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.exchange.Accounted;
import io.costoptimal.gateway.exchange.Attempt;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Origin;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Usage;
import java.util.List;

/**
 * Works out what attempts have cost, and writes it as {@link Spent} reads it. Confined to one event loop; allocates nothing
 * once each price's version was seen.
 */
final class SpentWriter {

    /** A provider's usage object that is longer is not told. */
    static final int MOST_RAW = 2048;

    /** Bytes that one attempt takes at most. */
    static final int LONGEST = 2 * NameNumbers.MAX_CHARS + 2 * Text.MAX_CHARS + MOST_RAW + 64;

    private static final long UNKNOWN = -1;
    private static final Usage NOTHING_TOLD = new Usage(Usage.Input.UNKNOWN, Usage.Output.UNKNOWN);

    private final EntryOutput out;
    private final NameNumbers names;
    private final boolean texts;

    SpentWriter(EntryOutput out, NameNumbers names, boolean texts) {
        this.out = out;
        this.names = names;
        this.texts = texts;
    }

    /** Writes the attempt that is not among the failed ones. */
    void last(ExchangeReport exchange) {
        int status = exchange.attemptFirstByteNanos() < 0 ? 0 : exchange.status();
        out.putLong(exchange.attemptStartedNanos());
        Origin origin = exchange.origin();
        String model = origin == null ? exchange.modelSent() : origin.model();
        spent(exchange, exchange.candidate(), model, status, exchange.accounted());
    }

    /** Writes one of the failed ones. */
    void failed(ExchangeReport exchange, Attempt attempt) {
        out.putLong(attempt.timing().started());
        String model = exchange.decision().nameFor(attempt.candidate());
        spent(exchange, attempt.candidate(), model, attempt.status(), attempt.accounted());
    }

    private void spent(ExchangeReport exchange, Candidate candidate, String model, int status, Accounted accounted) {
        Decision decision = exchange.decision();
        Prices prices = exchange.prices();
        Price price = prices.of(candidate.provider(), model);
        Usage usage = accounted.usage() == null ? NOTHING_TOLD : accounted.usage();
        boolean answered = status > 0 && status < 400;
        out.putByte(accounted.source().ordinal());
        names.put(price == null ? null : price.version(), out);
        out.putByte(price != null && price.partial(usage) ? 1 : 0);
        out.putLong(price == null ? UNKNOWN : price.cost(usage, answered));
        out.putLong(possible(price, accounted.possible()));
        others(decision, prices, usage, answered);
        if (texts) {
            out.putText(model, Text.MAX_CHARS);
            raw(accounted.raw());
        }
    }

    /** What it may have cost at most; the model's own limit bounds an answer that the request does not bound. */
    private static long possible(Price price, Usage possible) {
        if (price == null || possible == null) {
            return UNKNOWN;
        }
        if (possible.output().tokens() >= 0) {
            return price.cost(possible, true);
        }
        if (price.maxOutput() < 0) {
            return UNKNOWN;
        }
        Usage.Output most = new Usage.Output(price.maxOutput(), UNKNOWN, UNKNOWN);
        return price.cost(new Usage(possible.input(), most), true);
    }

    private void others(Decision decision, Prices prices, Usage usage, boolean answered) {
        List<Candidate> listed = decision.choice().listed();
        long first = UNKNOWN;
        long dearest = UNKNOWN;
        for (int i = 0; i < listed.size(); i++) {
            Candidate other = listed.get(i);
            Price price = prices.of(other.provider(), decision.nameFor(other));
            if (price != null) {
                long cost = price.cost(usage, answered);
                first = i == 0 ? cost : first;
                dearest = Math.max(dearest, cost);
            }
        }
        out.putLong(first);
        out.putLong(dearest);
    }

    private void raw(byte[] raw) {
        if (raw == null || raw.length > MOST_RAW) {
            out.putShort(EntryOutput.ABSENT);
            return;
        }
        out.putShort(raw.length);
        System.arraycopy(raw, 0, out.bytes(), out.skip(raw.length), raw.length);
    }
}
