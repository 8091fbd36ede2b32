package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.server.journal.Entry;
import io.costoptimal.gateway.server.journal.JournalReader;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/**
 * Counts exchanges on the journal's thread, and shows them to a scrape on any other.
 *
 * <p>A name that a reload removes is still shown until the next reload, so that what its last exchanges counted is scraped.
 * Then it is forgotten: however often names change, there are never more than those of two configurations, and of
 * exchanges that have run since before.
 */
final class ExchangeSeries implements MultiCollector, JournalReader {

    private final ExchangeCounts counts = new ExchangeCounts();

    private volatile Names names = Names.NONE;

    private volatile boolean money;

    @Override
    public void exchange(Entry exchange) {
        counts.add(exchange);
    }

    /** Nothing that a client sent is a label. */
    @Override
    public boolean wantsTexts() {
        return false;
    }

    /** From now on what attempts cost is counted, too. Before the journal is made. */
    void wantMoney() {
        money = true;
    }

    @Override
    public boolean wantsMoney() {
        return money;
    }

    /** Takes over the names of the configuration that is in force from now on. One caller at a time. */
    void configured(Names next) {
        counts.keepOnly(names.or(next));
        names = next;
    }

    /** How often {@code provider} was asked. Any thread. */
    Attempts attempts(String provider) {
        return counts.attempts(provider);
    }

    @Override
    public MetricSnapshots collect() {
        Families all = new Families();
        ProviderCounts nothing = new ProviderCounts();
        names.providers().forEach(provider -> nothing.addTo(all, provider));
        counts.addTo(all);
        return all.snapshots();
    }
}
