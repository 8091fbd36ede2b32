package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.exchange.Attempt;
import io.costoptimal.gateway.exchange.Caller;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.ClientConnection;
import io.costoptimal.gateway.exchange.ClientConnection.Protocol;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Origin;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestId;
import io.costoptimal.gateway.exchange.Usage;
import java.util.List;

/**
 * Writes an exchange as the bytes that {@link Entry} reads, in the same order. Confined to one event loop; allocates nothing
 * once each configured name was seen.
 *
 * <p>It names each fact that it writes, so a new fact in a report is told to nobody until somebody decides that it is no
 * secret.
 */
final class EntryWriter {

    static final int STARTS_OVER = 1;
    static final int TEXTS = 2;
    static final int TOKENS = 4;
    static final int COUNTED = 8;
    static final int TIMED_OUT = 16;
    static final int USAGE = 32;
    /** The provider is asked for the very name that the client used. */
    static final int SAME_MODEL = 64;
    /** There is what each attempt has cost. */
    static final int MONEY = 128;

    // Of the client's connection.
    static final int HTTP_2 = 1;
    static final int OVER_TLS = 2;

    // Of what was chosen.
    static final int STREAM = 1;
    static final int COST = 2;
    /** The last attempt is not among the failed ones. */
    static final int LAST = 4;

    /** Bytes that one failed attempt takes at most. */
    private static final int FAILED_ATTEMPT = 2 * NameNumbers.MAX_CHARS + 2 * Text.MAX_CHARS + 160;

    private final EntryOutput out;
    private final boolean texts;
    private final NameNumbers names = new NameNumbers();
    /** {@code null} where nobody wants to be told what attempts cost. */
    private final SpentWriter spent;

    EntryWriter(EntryOutput out, Wanted wanted) {
        this.out = out;
        texts = wanted.texts();
        spent = wanted.money() ? new SpentWriter(out, names, texts) : null;
    }

    /** Writes {@code exchange}; its first four bytes are left to the lane. */
    void write(ExchangeReport exchange) {
        int start = out.skip(Integer.BYTES);
        Decision decision = exchange.decision();
        Decision.Tokens tokens = decision == null ? null : decision.tokens();
        int flags = flags(exchange, tokens);
        out.putByte(flags);
        numbers(exchange);
        names(exchange, decision);
        usage(exchange.usage());
        if ((flags & TOKENS) != 0) {
            out.putLong(tokens.low());
            out.putLong(tokens.high());
        }
        if (texts) {
            texts(exchange, (flags & SAME_MODEL) != 0);
        }
        boolean money = (flags & MONEY) != 0;
        if (money) {
            choice(exchange);
        }
        int longest = money ? FAILED_ATTEMPT + SpentWriter.LONGEST : FAILED_ATTEMPT;
        failures(exchange, money, start + Lane.LONGEST - longest);
    }

    /** The reader has not seen the entry that was written last, and does not know the names that it spelled out. */
    void entryIsVoid() {
        names.startOver();
    }

    private int flags(ExchangeReport exchange, Decision.Tokens tokens) {
        int flags = names.startsOver() ? STARTS_OVER : 0;
        if (texts) {
            flags |= TEXTS;
            String sent = exchange.modelSent();
            if (sent != null && sent.equals(exchange.modelAsked())) {
                flags |= SAME_MODEL;
            }
        }
        if (exchange.usage() != null) {
            flags |= USAGE;
        }
        if (spent != null && exchange.attempts() > 0) {
            flags |= MONEY;
        }
        if (tokens == null) {
            return flags;
        }
        return flags | TOKENS | (tokens.counted() ? COUNTED : 0) | (tokens.timedOut() ? TIMED_OUT : 0);
    }

    private void numbers(ExchangeReport exchange) {
        out.putByte(exchange.outcome().ordinal());
        out.putByte(exchange.target().family().ordinal());
        out.putShort(exchange.status());
        out.putInt(exchange.attempts());
        out.putLong(exchange.startedMillis());
        out.putLong(exchange.requestBytes());
        out.putLong(exchange.responseBytes());
        out.putLong(exchange.attemptFirstByteNanos());
        out.putLong(exchange.firstByteNanos());
        out.putLong(exchange.totalNanos());
    }

    private void names(ExchangeReport exchange, Decision decision) {
        names.put(
                exchange.target().operation() == null
                        ? null
                        : exchange.target().operation().path(),
                out);
        names.put(exchange.principal() == null ? null : exchange.principal().name(), out);
        Origin origin = exchange.origin();
        names.put(origin != null ? origin.entry() : decision == null ? null : decision.entry(), out);
        names.put(decision == null ? null : decision.matched(), out);
        names.put(
                exchange.candidate() == null
                        ? null
                        : exchange.candidate().provider().id(),
                out);
    }

    /** One byte for a connection without TLS. */
    private void connection(ClientConnection connection) {
        boolean tls = connection.tls() != null;
        out.putByte((connection.protocol() == Protocol.HTTP_2 ? HTTP_2 : 0) | (tls ? OVER_TLS : 0));
        if (tls) {
            text(connection.tls());
            text(connection.serverName());
        }
    }

    private void texts(ExchangeReport exchange, boolean sameModel) {
        connection(exchange.connection());
        out.putShort(RequestId.LENGTH);
        exchange.requestId().writeTo(out.bytes(), out.skip(RequestId.LENGTH));
        text(exchange.upstreamRequestId());
        Caller caller = exchange.caller();
        text(caller.address());
        text(caller.userAgent());
        text(caller.requestId());
        text(caller.traceparent());
        text(exchange.method());
        text(exchange.path());
        text(exchange.origin() == null ? null : exchange.origin().text());
        text(exchange.modelAsked());
        if (!sameModel) {
            text(exchange.modelSent());
        }
    }

    private void text(String value) {
        out.putText(value, Text.MAX_CHARS);
    }

    /** What was chosen, and what the attempt has cost that is not among the failed ones, if there is one. */
    private void choice(ExchangeReport exchange) {
        RequestFacts facts = exchange.facts();
        Choice choice = exchange.decision().choice();
        Choice.Cost cost = choice.cost();
        boolean last = exchange.attempts() > exchange.failures().size();
        out.putByte((facts != null && facts.stream() ? STREAM : 0) | (cost == null ? 0 : COST) | (last ? LAST : 0));
        out.putByte(choice.certainty().ordinal());
        if (cost != null) {
            out.putLong(cost.low());
            out.putLong(cost.high());
            out.putLong(cost.expected());
            out.putLong(cost.regret());
        }
        if (last) {
            spent.last(exchange);
        }
    }

    /** Puts as many as end before {@code end}, where the longest entry does: some eight at least, hundreds as they are. */
    private void failures(ExchangeReport exchange, boolean money, int end) {
        List<Attempt> failures = exchange.failures();
        int count = out.skip(Short.BYTES);
        int told = 0;
        while (told < failures.size() && out.at() < end) {
            Attempt attempt = failures.get(told++);
            failed(attempt);
            if (money) {
                spent.failed(exchange, attempt);
            }
        }
        int after = out.at();
        out.moveTo(count);
        out.putShort(told);
        out.moveTo(after);
    }

    private void failed(Attempt attempt) {
        names.put(attempt.candidate().provider().id(), out);
        out.putByte(attempt.failure().phase().ordinal());
        out.putByte(attempt.failure().kind().ordinal());
        out.putShort(attempt.status());
        out.putLong(attempt.timing().firstByte());
        out.putLong(attempt.timing().total());
        text(attempt.failure().cause());
        out.putByte(attempt.usage() == null ? 0 : 1);
        usage(attempt.usage());
    }

    private void usage(Usage usage) {
        if (usage != null) {
            out.putLong(usage.input().uncached());
            out.putLong(usage.input().cached());
            out.putLong(usage.input().written());
            out.putLong(usage.input().written1h());
            out.putLong(usage.input().audio());
            out.putLong(usage.output().tokens());
            out.putLong(usage.output().reasoning());
            out.putLong(usage.output().audio());
        }
    }
}
