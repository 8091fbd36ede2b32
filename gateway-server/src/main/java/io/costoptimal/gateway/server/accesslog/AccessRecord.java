package io.costoptimal.gateway.server.accesslog;

import io.costoptimal.gateway.exchange.Attempt;
import io.costoptimal.gateway.exchange.Caller;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.apache.logging.log4j.util.StringBuilderFormattable;

/**
 * Writes an exchange as one JSON object. Confined to one thread, reused.
 *
 * <p>It names each member it writes and copies nothing wholesale, so a new fact in a report is not logged until somebody
 * decides that it is no secret. Members that are not known are left out.
 */
final class AccessRecord implements StringBuilderFormattable {

    private static final String[] OUTCOMES = lowerCase(Outcome.values());
    private static final String[] KINDS = lowerCase(UpstreamFailure.Kind.values());
    private static final String[] PHASES = lowerCase(UpstreamFailure.Phase.values());

    private final JsonLine line = new JsonLine();
    private final Timestamp timestamp = new Timestamp();
    private ExchangeReport exchange;

    /** Sets what the next line is about; {@code null} forgets it. */
    void of(ExchangeReport exchange) {
        this.exchange = exchange;
    }

    @Override
    public void formatTo(StringBuilder out) {
        line.begin(out);
        time(line);
        line.member("request_id", exchange.id());
        line.member("upstream_request_id", exchange.upstreamRequestId());
        caller(line, exchange.caller());
        line.member(
                "key",
                exchange.principal() == null ? null : exchange.principal().name());
        line.member("method", exchange.method());
        line.member("path", exchange.path());
        line.member("model", exchange.modelAsked());
        route(line, exchange.decision(), exchange.candidate());
        line.member("attempts", exchange.attempts());
        line.member("status", exchange.status());
        line.member("bytes_in", exchange.requestBytes());
        line.member("bytes_out", exchange.responseBytes());
        tokens(line, exchange.decision());
        usage(line, exchange.usage());
        line.millis("first_byte_ms", exchange.firstByteNanos());
        line.millis("total_ms", exchange.totalNanos());
        line.member("outcome", OUTCOMES[exchange.outcome().ordinal()]);
        failures(line, exchange.failures());
        line.end();
    }

    private static void caller(JsonLine line, Caller caller) {
        line.member("client_address", caller.address());
        line.member("user_agent", caller.userAgent());
        line.member("client_request_id", caller.requestId());
        line.member("traceparent", caller.traceparent());
    }

    private void time(JsonLine line) {
        Instant start = exchange.startedAt();
        line.member("time", timestamp.of(start.getEpochSecond(), start.getNano() / 1_000_000));
    }

    private void route(JsonLine line, Decision decision, Candidate candidate) {
        if (decision != null) {
            line.member("rule", decision.matched());
        }
        if (candidate != null) {
            line.member("provider", candidate.provider().id());
            line.member("model_sent", exchange.modelSent());
        }
    }

    private static void tokens(JsonLine line, Decision decision) {
        if (decision == null || decision.tokens() == null) {
            return;
        }
        Decision.Tokens tokens = decision.tokens();
        line.object("tokens");
        line.member("low", tokens.low());
        line.member("high", tokens.high());
        line.member("counted", tokens.counted());
        if (tokens.timedOut()) {
            line.member("timed_out", true);
        }
        line.endObject();
    }

    private static void usage(JsonLine line, Usage usage) {
        if (usage == null) {
            return;
        }
        line.object("usage");
        line.known("input", usage.input());
        line.known("output", usage.output());
        line.known("cache_read", usage.cacheRead());
        line.known("cache_write", usage.cacheWrite());
        line.known("reasoning", usage.reasoning());
        line.endObject();
    }

    private static void failures(JsonLine line, List<Attempt> failures) {
        if (failures.isEmpty()) {
            return;
        }
        line.array("failures");
        for (int i = 0; i < failures.size(); i++) {
            Attempt failed = failures.get(i);
            line.object();
            line.member("provider", failed.candidate().provider().id());
            line.member("phase", PHASES[failed.failure().phase().ordinal()]);
            line.member("kind", KINDS[failed.failure().kind().ordinal()]);
            line.member("cause", failed.failure().cause());
            if (failed.status() > 0) {
                line.member("status", failed.status());
            }
            usage(line, failed.usage());
            line.millis("first_byte_ms", failed.timing().firstByte());
            line.millis("total_ms", failed.timing().total());
            line.endObject();
        }
        line.endArray();
    }

    private static String[] lowerCase(Enum<?>[] values) {
        String[] names = new String[values.length];
        for (Enum<?> value : values) {
            names[value.ordinal()] = value.name().toLowerCase(Locale.ROOT);
        }
        return names;
    }
}
