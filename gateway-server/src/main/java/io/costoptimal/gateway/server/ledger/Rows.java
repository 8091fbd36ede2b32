package io.costoptimal.gateway.server.ledger;

import io.costoptimal.gateway.exchange.Accounted;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Origin;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.server.journal.Entry;
import io.costoptimal.gateway.server.journal.FailedAttempt;
import io.costoptimal.gateway.server.journal.Name;
import io.costoptimal.gateway.server.journal.Spent;
import io.costoptimal.gateway.server.journal.Text;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Makes a row of each attempt of an exchange. Stateless; used on the journal's thread. */
final class Rows {

    private static final String NONE = "none";

    private static final String[] KINDS = Stream.of(UpstreamFailure.Kind.values())
            .map(kind -> kind.name().toLowerCase(Locale.ROOT))
            .toArray(String[]::new);

    private static final String[] SOURCES = Stream.of(Accounted.Source.values())
            .map(source -> source.name().toLowerCase(Locale.ROOT))
            .toArray(String[]::new);

    private Rows() {}

    /** Hands the rows of {@code entry} to {@code out}, in the order of the attempts; of as many as the entry tells of. */
    static void of(Entry entry, Consumer<Row> out) {
        List<FailedAttempt> failures = entry.failures();
        int relayed = relayed(entry, failures);
        for (int i = 0; i < failures.size(); i++) {
            Row row = request(entry, i + 1);
            failed(row, failures.get(i));
            if (i == relayed) {
                answer(row, entry);
            }
            out.accept(row);
        }
        if (entry.spent() != null) {
            Row row = request(entry, entry.attempts());
            last(row, entry);
            Text origin = entry.origin();
            if (origin != null) {
                belongs(row, Origin.of(origin.toString()));
            }
            out.accept(row);
        }
    }

    /** Which failed attempt's answer the client got; -1 when it got another's or none. */
    private static int relayed(Entry entry, List<FailedAttempt> failures) {
        if (entry.spent() == null && entry.provider() != null && entry.firstByteNanos() >= 0) {
            for (int i = 0; i < failures.size(); i++) {
                FailedAttempt failed = failures.get(i);
                if (failed.status() == entry.status()
                        && failed.provider().text().equals(entry.provider().text())) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** A row with what all attempts of the exchange have in common. */
    private static Row request(Entry entry, long attempt) {
        Row row = new Row()
                .set(Column.STARTED_AT, entry.startedMillis())
                .set(Column.REQUEST_ID, entry.id().toString())
                .set(Column.ATTEMPT, attempt)
                .share(Column.KEY, text(entry.key(), NONE))
                .share(Column.MODEL, text(entry.modelEntry(), Row.OTHER))
                .set(Column.MODEL_ASKED, text(entry.modelAsked()))
                .share(Column.OPERATION, text(entry.operation(), null))
                .set(Column.STREAM, entry.stream())
                .share(Column.RULE, text(entry.rule(), null))
                .set(Column.REQUEST_BYTES, entry.requestBytes())
                .set(Column.CLIENT_REQUEST_ID, text(entry.clientRequestId()));
        decision(row, entry);
        return row;
    }

    private static void decision(Row row, Entry entry) {
        row.share(
                Column.DECISION,
                entry.certainty() == null ? null : entry.certainty().word());
        Choice.Cost cost = entry.cost();
        if (cost != null) {
            row.set(Column.LOW_NANO_USD, cost.low());
            row.set(Column.HIGH_NANO_USD, bounded(cost.high()));
            row.set(Column.REGRET_NANO_USD, bounded(cost.regret()));
        }
        Decision.Tokens tokens = entry.tokens();
        row.set(Column.COUNTED, tokens != null && tokens.counted());
        if (tokens != null) {
            row.set(Column.INPUT_LOW, tokens.low());
            row.set(Column.INPUT_HIGH, tokens.high());
        }
    }

    private static void failed(Row row, FailedAttempt failed) {
        UpstreamFailure.Kind kind = failed.failure().kind();
        boolean cut = kind == UpstreamFailure.Kind.CUT_OFF;
        row.share(Column.PROVIDER, failed.provider().text())
                .share(Column.OUTCOME, (cut ? AttemptOutcome.CUT : AttemptOutcome.FAILED).word())
                .share(Column.FAILURE, KINDS[kind.ordinal()])
                .set(Column.STATUS, failed.status() > 0 ? failed.status() : Row.ABSENT)
                .set(Column.FIRST_BYTE_MS, millis(failed.timing().firstByte()))
                .set(Column.TOTAL_MS, millis(failed.timing().total()));
        tokens(row, failed.usage());
        spent(row, failed.spent());
    }

    private static void last(Row row, Entry entry) {
        row.share(Column.PROVIDER, text(entry.provider(), NONE))
                .share(Column.OUTCOME, outcome(entry.outcome()).word())
                .set(Column.FIRST_BYTE_MS, millis(entry.attemptFirstByteNanos()))
                .set(Column.TOTAL_MS, millis(entry.totalNanos() - entry.spent().startedNanos()));
        if (entry.attemptFirstByteNanos() >= 0) {
            row.set(Column.STATUS, entry.status() > 0 ? entry.status() : Row.ABSENT);
            answer(row, entry);
        }
        tokens(row, entry.usage());
        spent(row, entry.spent());
    }

    /**
     * Makes a row that of one more attempt of the request that has begun what it tells of: its key is the same whoever is told,
     * and however often, so that it is kept once.
     */
    private static void belongs(Row row, Origin origin) {
        if (origin != null) {
            row.set(Column.STARTED_AT, origin.startedMillis())
                    .set(Column.REQUEST_ID, clean(origin.requestId()))
                    .set(Column.ATTEMPT, origin.attempt() + 1L);
        }
    }

    private static AttemptOutcome outcome(Outcome outcome) {
        return switch (outcome) {
            case COMPLETED -> AttemptOutcome.COMPLETED;
            case CLIENT_CANCELLED -> AttemptOutcome.CANCELLED;
            case UPSTREAM_FAILED -> AttemptOutcome.FAILED;
            case LOCAL, REJECTED, TRUNCATED, GATEWAY_ERROR -> AttemptOutcome.ABORTED;
        };
    }

    /** What is known of the attempt whose answer the client got. */
    private static void answer(Row row, Entry entry) {
        row.set(Column.RESPONSE_BYTES, entry.responseBytes());
        row.set(Column.PROVIDER_REQUEST_ID, text(entry.upstreamRequestId()));
    }

    private static void tokens(Row row, Usage usage) {
        if (usage != null) {
            Usage.Input input = usage.input();
            row.set(Column.INPUT_TOKENS, known(input.uncached()));
            row.set(Column.CACHED_INPUT_TOKENS, known(input.cached()));
            row.set(Column.CACHE_WRITE_TOKENS, known(input.written()));
            row.set(Column.CACHE_WRITE_1H_TOKENS, known(input.written1h()));
            row.set(Column.AUDIO_INPUT_TOKENS, known(input.audio()));
            row.set(Column.OUTPUT_TOKENS, known(usage.output().tokens()));
            row.set(Column.REASONING_TOKENS, known(usage.output().reasoning()));
            row.set(Column.AUDIO_OUTPUT_TOKENS, known(usage.output().audio()));
        }
    }

    private static void spent(Row row, Spent spent) {
        Spent.Bill bill = spent.bill();
        row.set(Column.STARTED_AFTER_MS, millis(spent.startedNanos()))
                .set(Column.MODEL_SENT, clean(spent.modelSent()))
                .share(Column.TOKEN_SOURCE, SOURCES[spent.source().ordinal()])
                .share(Column.PRICE_VERSION, text(bill.version(), NONE))
                .set(Column.PARTIAL, bill.partial())
                .set(Column.COST_NANO_USD, known(bill.cost()))
                .set(Column.POSSIBLE_NANO_USD, known(bill.possible()))
                .set(Column.FIRST_CHOICE_NANO_USD, known(bill.others().firstChoice()))
                .set(Column.DEAREST_NANO_USD, known(bill.others().dearest()))
                .set(Column.USAGE, clean(spent.raw()));
    }

    private static long known(long figure) {
        return figure < 0 ? Row.ABSENT : figure;
    }

    private static long bounded(long money) {
        return money == Long.MAX_VALUE ? Row.ABSENT : money;
    }

    /** Rounded; absent for a negative number. */
    private static long millis(long nanos) {
        return nanos < 0 ? Row.ABSENT : (nanos + 500_000) / 1_000_000;
    }

    private static String text(Name name, String otherwise) {
        return name == null ? otherwise : name.text();
    }

    private static String text(Text text) {
        return text == null ? null : clean(text.toString());
    }

    /** Databases refuse a character 0, and half a surrogate pair, which is no character; a client may send either. */
    private static String clean(String text) {
        if (text == null) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return replaced(text);
            }
        }
        return text;
    }

    private static String replaced(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point == 0 || point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                        ? 0xfffd
                        : point)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
