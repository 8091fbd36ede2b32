package io.costoptimal.gateway.server.accesslog;

import io.costoptimal.gateway.exchange.ClientConnection.Protocol;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.server.journal.Entry;
import io.costoptimal.gateway.server.journal.FailedAttempt;
import io.costoptimal.gateway.server.journal.JsonBytes;
import io.costoptimal.gateway.server.journal.Name;
import io.costoptimal.gateway.server.journal.Text;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Writes an exchange as one JSON object on a line. Members that are not known are left out. Confined to one thread. */
final class AccessLine {

    private static final byte[] TIME = ascii("{\"time\":");
    private static final byte[] REQUEST_ID = member("request_id");
    private static final byte[] UPSTREAM_REQUEST_ID = member("upstream_request_id");
    private static final byte[] CLIENT_ADDRESS = member("client_address");
    private static final byte[][] PROTOCOLS = members("protocol", Protocol.values());
    private static final byte[] TLS = member("tls");
    private static final byte[] SERVER_NAME = member("server_name");
    private static final byte[] USER_AGENT = member("user_agent");
    private static final byte[] CLIENT_REQUEST_ID = member("client_request_id");
    private static final byte[] TRACEPARENT = member("traceparent");
    private static final byte[] KEY = member("key");
    private static final byte[] METHOD = member("method");
    private static final byte[] PATH = member("path");
    private static final byte[] MODEL = member("model");
    private static final byte[] RULE = member("rule");
    private static final byte[] PROVIDER = member("provider");
    private static final byte[] MODEL_SENT = member("model_sent");
    private static final byte[] ATTEMPTS = member("attempts");
    private static final byte[] STATUS = member("status");
    private static final byte[] BYTES_IN = member("bytes_in");
    private static final byte[] BYTES_OUT = member("bytes_out");
    private static final byte[] TOKENS = ascii(",\"tokens\":{\"low\":");
    private static final byte[] HIGH = member("high");
    private static final byte[] COUNTED = member("counted");
    private static final byte[] TIMED_OUT = ascii(",\"timed_out\":true");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] USAGE = ascii(",\"usage\":{");
    private static final byte[] INPUT = ascii("\"input\":");
    private static final byte[] OUTPUT = ascii("\"output\":");
    private static final byte[] CACHE_READ = ascii("\"cache_read\":");
    private static final byte[] CACHE_WRITE = ascii("\"cache_write\":");
    private static final byte[] CACHE_WRITE_1H = ascii("\"cache_write_1h\":");
    private static final byte[] REASONING = ascii("\"reasoning\":");
    private static final byte[] FIRST_BYTE_MS = member("first_byte_ms");
    private static final byte[] TOTAL_MS = member("total_ms");
    private static final byte[][] OUTCOMES = members("outcome", Outcome.values());
    private static final byte[] FAILURES = ascii(",\"failures\":[");
    private static final byte[] FAILED_PROVIDER = ascii("{\"provider\":");
    private static final byte[][] PHASES = members("phase", UpstreamFailure.Phase.values());
    private static final byte[][] KINDS = members("kind", UpstreamFailure.Kind.values());
    private static final byte[] CAUSE = member("cause");

    private final JsonBytes out;
    private final Timestamp timestamp = new Timestamp();
    private boolean firstFigure;

    /** @param out where lines are appended */
    AccessLine(JsonBytes out) {
        this.out = out;
    }

    /** Appends the line of {@code entry}, its line end included. */
    void append(Entry entry) {
        out.raw(TIME);
        timestamp.append(entry.startedMillis(), out);
        member(REQUEST_ID, entry.id());
        member(UPSTREAM_REQUEST_ID, entry.upstreamRequestId());
        member(CLIENT_ADDRESS, entry.clientAddress());
        connection(entry);
        member(USER_AGENT, entry.userAgent());
        member(CLIENT_REQUEST_ID, entry.clientRequestId());
        member(TRACEPARENT, entry.traceparent());
        member(KEY, entry.key());
        member(METHOD, entry.method());
        member(PATH, entry.path());
        member(MODEL, entry.modelAsked());
        member(RULE, entry.rule());
        member(PROVIDER, entry.provider());
        if (entry.provider() != null) {
            member(MODEL_SENT, entry.modelSent());
        }
        member(ATTEMPTS, entry.attempts());
        member(STATUS, entry.status());
        member(BYTES_IN, entry.requestBytes());
        member(BYTES_OUT, entry.responseBytes());
        tokens(entry.tokens());
        usage(entry.usage());
        millis(FIRST_BYTE_MS, entry.firstByteNanos());
        millis(TOTAL_MS, entry.totalNanos());
        out.raw(OUTCOMES[entry.outcome().ordinal()]);
        failures(entry.failures());
        out.raw('}');
        out.raw('\n');
    }

    /** Nothing for HTTP/1 without TLS. */
    private void connection(Entry entry) {
        if (entry.tls() != null || entry.protocol() == Protocol.HTTP_2) {
            out.raw(PROTOCOLS[entry.protocol().ordinal()]);
            member(TLS, entry.tls());
            member(SERVER_NAME, entry.serverName());
        }
    }

    private void member(byte[] name, Text value) {
        if (value != null) {
            out.raw(name);
            out.string(value);
        }
    }

    private void member(byte[] name, Name value) {
        if (value != null) {
            out.raw(name);
            out.name(value);
        }
    }

    private void member(byte[] name, long value) {
        out.raw(name);
        out.number(value);
    }

    private void millis(byte[] name, long nanos) {
        if (nanos >= 0) {
            out.raw(name);
            out.millis(nanos);
        }
    }

    private void tokens(Decision.Tokens tokens) {
        if (tokens == null) {
            return;
        }
        member(TOKENS, tokens.low());
        member(HIGH, tokens.high());
        out.raw(COUNTED);
        out.raw(tokens.counted() ? TRUE : FALSE);
        if (tokens.timedOut()) {
            out.raw(TIMED_OUT);
        }
        out.raw('}');
    }

    private void usage(Usage usage) {
        if (usage == null) {
            return;
        }
        out.raw(USAGE);
        firstFigure = true;
        figure(INPUT, usage.input().uncached());
        figure(OUTPUT, usage.output().tokens());
        figure(CACHE_READ, usage.input().cached());
        figure(CACHE_WRITE, usage.input().written());
        figure(CACHE_WRITE_1H, usage.input().written1h());
        figure(REASONING, usage.output().reasoning());
        out.raw('}');
    }

    /** @param value negative where nothing was said */
    private void figure(byte[] name, long value) {
        if (value < 0) {
            return;
        }
        if (!firstFigure) {
            out.raw(',');
        }
        firstFigure = false;
        member(name, value);
    }

    private void failures(List<FailedAttempt> failures) {
        if (failures.isEmpty()) {
            return;
        }
        out.raw(FAILURES);
        for (int i = 0; i < failures.size(); i++) {
            if (i > 0) {
                out.raw(',');
            }
            failed(failures.get(i));
        }
        out.raw(']');
    }

    private void failed(FailedAttempt failed) {
        out.raw(FAILED_PROVIDER);
        out.name(failed.provider());
        out.raw(PHASES[failed.failure().phase().ordinal()]);
        out.raw(KINDS[failed.failure().kind().ordinal()]);
        if (failed.failure().cause() != null) {
            out.raw(CAUSE);
            out.string(failed.failure().cause());
        }
        if (failed.status() > 0) {
            member(STATUS, failed.status());
        }
        usage(failed.usage());
        millis(FIRST_BYTE_MS, failed.timing().firstByte());
        millis(TOTAL_MS, failed.timing().total());
        out.raw('}');
    }

    private static byte[] member(String name) {
        return ascii(",\"" + name + "\":");
    }

    /** A member with each of the values that it may have. */
    private static byte[][] members(String name, Enum<?>[] values) {
        byte[][] all = new byte[values.length][];
        for (Enum<?> value : values) {
            all[value.ordinal()] =
                    ascii(",\"" + name + "\":\"" + value.toString().toLowerCase(Locale.ROOT) + '"');
        }
        return all;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
