package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.Usage;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The data points of one provider, each resolved once. Any thread. */
final class ProviderSeries {

    private static final Endpoint[] ENDPOINTS = Endpoint.values();
    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final double NANOS = 1e9;

    /** 0 for no status at all, else the first digit. */
    private static final int CLASSES = 6;

    private final SeriesFamilies families;
    private final String provider;
    private final AtomicReferenceArray<CounterDataPoint> exchanges =
            new AtomicReferenceArray<>((ENDPOINTS.length + 1) * OUTCOMES.length * CLASSES);
    private final AtomicReferenceArray<CounterDataPoint> failures =
            new AtomicReferenceArray<>(UpstreamFailure.Phase.values().length);
    private final CounterDataPoint attempts;
    private final CounterDataPoint bytesIn;
    private final CounterDataPoint bytesOut;
    private final Tokens tokens;
    private final DistributionDataPoint firstByte;
    private final DistributionDataPoint duration;

    ProviderSeries(SeriesFamilies families, String provider) {
        this.families = families;
        this.provider = provider;
        attempts = families.attempts.labelValues(provider);
        bytesIn = families.bytes.labelValues(provider, "in");
        bytesOut = families.bytes.labelValues(provider, "out");
        tokens = new Tokens(families, provider);
        firstByte = families.firstByte.labelValues(provider);
        duration = families.duration.labelValues(provider);
    }

    /** Adds an exchange whose last attempt was at this provider; its failed attempts are for {@link #addFailure}. */
    void add(ExchangeReport exchange) {
        attempts.inc(exchange.attempts() - exchange.failures().size());
        exchanges(exchange.target().endpoint(), exchange.outcome(), exchange.status())
                .inc();
        bytesIn.inc(exchange.requestBytes());
        bytesOut.inc(exchange.responseBytes());
        duration.observe(exchange.totalNanos() / NANOS);
        if (exchange.attemptFirstByteNanos() >= 0) {
            firstByte.observe(exchange.attemptFirstByteNanos() / NANOS);
        }
        if (exchange.usage() != null) {
            tokens.add(exchange.usage());
        }
    }

    /** Adds an attempt at this provider that failed, whoever was asked next. */
    void addFailure(UpstreamFailure failure) {
        attempts.inc();
        failures(failure.phase()).inc();
    }

    /** @param endpoint {@code null} when the head was not understood */
    private CounterDataPoint exchanges(Endpoint endpoint, Outcome outcome, int status) {
        int row = endpoint == null ? ENDPOINTS.length : endpoint.ordinal();
        int digit = Math.min(CLASSES - 1, status / 100);
        int index = (row * OUTCOMES.length + outcome.ordinal()) * CLASSES + digit;
        CounterDataPoint point = exchanges.get(index);
        if (point == null) {
            point = families.exchanges.labelValues(
                    provider,
                    endpoint == null ? "" : endpoint.path(),
                    outcome.name().toLowerCase(Locale.ROOT),
                    digit == 0 ? "none" : digit + "xx");
            exchanges.set(index, point);
        }
        return point;
    }

    private CounterDataPoint failures(UpstreamFailure.Phase phase) {
        CounterDataPoint point = failures.get(phase.ordinal());
        if (point == null) {
            point = families.failures.labelValues(provider, phase.name().toLowerCase(Locale.ROOT));
            failures.set(phase.ordinal(), point);
        }
        return point;
    }

    /** Token counters by kind. */
    private record Tokens(
            CounterDataPoint input, CounterDataPoint output, CounterDataPoint cacheRead, CounterDataPoint cacheWrite) {

        Tokens(SeriesFamilies families, String provider) {
            this(
                    families.tokens.labelValues(provider, "input"),
                    families.tokens.labelValues(provider, "output"),
                    families.tokens.labelValues(provider, "cache_read"),
                    families.tokens.labelValues(provider, "cache_write"));
        }

        /** What was not reported is negative, and not added. */
        void add(Usage usage) {
            input.inc(Math.max(0, usage.input()));
            output.inc(Math.max(0, usage.output()));
            cacheRead.inc(Math.max(0, usage.cacheRead()));
            cacheWrite.inc(Math.max(0, usage.cacheWrite()));
        }
    }
}
