package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.netty.util.concurrent.FastThreadLocal;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Counts exchanges on each event loop and adds the loops up for a scrape. Any thread.
 *
 * <p>A name that a reload removes is still shown until the next reload, so that what its last exchanges counted is scraped.
 * Then it is forgotten: however often names change, there are never more than those of two configurations, and of
 * exchanges that have run since before.
 */
final class ExchangeSeries implements MultiCollector {

    private final List<LoopCounts> loops = new CopyOnWriteArrayList<>();
    private final FastThreadLocal<LoopCounts> loop = new FastThreadLocal<>() {
        @Override
        protected LoopCounts initialValue() {
            LoopCounts counts = new LoopCounts();
            loops.add(counts);
            return counts;
        }
    };

    private volatile Names names = Names.NONE;

    /** Adds an exchange that has ended, on its event loop. */
    void add(ExchangeReport exchange) {
        loop.get().add(exchange, model(exchange.decision()));
    }

    /** The configured entry, its wildcard as written. */
    private static String model(Decision decision) {
        String entry = decision == null ? null : decision.entry();
        return entry == null ? Words.UNNAMED : entry;
    }

    /** Takes over the names of the configuration that is in force from now on. One caller at a time. */
    void configured(Names next) {
        Names kept = names.or(next);
        loops.forEach(counts -> counts.keepOnly(kept));
        names = next;
    }

    @Override
    public MetricSnapshots collect() {
        Families all = new Families();
        ProviderCounts nothing = new ProviderCounts();
        names.providers().forEach(provider -> nothing.addTo(all, provider));
        loops.forEach(counts -> counts.addTo(all));
        return all.snapshots();
    }
}
