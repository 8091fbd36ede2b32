package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.GatewayListener;
import io.costoptimal.gateway.exchange.Attempt;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.server.runtime.ProviderTrouble.Cause;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells the application log of providers that fail: one line for each provider and cause, then at most one a minute, and one
 * when the provider answers again. Called on every event loop; takes no lock that anybody holds for long, and while no
 * provider fails it looks at one field.
 *
 * <p>Keeps an object for each provider of the configuration that has ever failed, and for no other name.
 */
final class ProviderWatch implements GatewayListener {

    private final Map<String, ProviderTrouble> troubles = new ConcurrentHashMap<>();
    private final LongSupplier clock;
    private final Consumer<String> warnings;
    private final Consumer<String> news;

    /**
     * @param clock nanoseconds from any start
     * @param warnings takes lines about failures; must not wait
     * @param news takes lines about providers that are well again; must not wait
     */
    ProviderWatch(LongSupplier clock, Consumer<String> warnings, Consumer<String> news) {
        this.clock = clock;
        this.warnings = warnings;
        this.news = news;
    }

    @Override
    public void exchangeEnded(ExchangeReport exchange) {
        List<Attempt> failures = exchange.failures();
        for (int i = 0; i < failures.size(); i++) {
            Cause cause = Cause.of(failures.get(i));
            if (cause != null) {
                failed(failures.get(i), cause);
            }
        }
        if (!troubles.isEmpty() && exchange.outcome() == Outcome.COMPLETED && failures.size() < exchange.attempts()) {
            succeeded(exchange.candidate());
        }
    }

    private void failed(Attempt attempt, Cause cause) {
        long now = clock.getAsLong();
        String provider = attempt.candidate().provider().id();
        ProviderTrouble trouble = troubles.get(provider);
        if (trouble == null) {
            trouble = troubles.computeIfAbsent(provider, id -> new ProviderTrouble(now));
        }
        String line = trouble.failed(cause, attempt, now);
        if (line != null) {
            warnings.accept(line);
        }
    }

    private void succeeded(Candidate candidate) {
        String provider = candidate.provider().id();
        ProviderTrouble trouble = troubles.get(provider);
        long failures = trouble == null ? 0 : trouble.succeeded();
        if (failures > 0) {
            news.accept("provider=" + provider + " failures=" + failures);
        }
    }

    /** Whether the log's last word on {@code provider} is that it fails. */
    boolean failing(String provider) {
        ProviderTrouble trouble = troubles.get(provider);
        return trouble != null && trouble.told();
    }

    /** Forgets the providers that a new configuration no longer has. */
    void configured(Set<String> providers) {
        troubles.keySet().retainAll(providers);
    }
}
