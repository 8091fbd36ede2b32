package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.exchange.Accounted;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.server.journal.Spent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What attempts have cost, in nano-dollars: written by the journal's thread alone, read by scrapes. */
final class MoneyCounts {

    /** Of each provider and model. */
    private enum Sum {
        COST,
        POSSIBLE,
        UNPRICED,
        PARTIAL
    }

    private static final int SUMS = Sum.values().length;
    private static final Accounted.Source[] SOURCES = Accounted.Source.values();
    private static final Choice.Certainty[] CERTAINTIES = Choice.Certainty.values();

    // Of each model, behind its certainties.
    private static final int SAVED_FIRST = CERTAINTIES.length;
    private static final int SAVED_DEAREST = CERTAINTIES.length + 1;

    private final Map<String, ModelCells> providers = new ConcurrentHashMap<>();
    private final Map<String, Cells> sources = new ConcurrentHashMap<>();
    private final Map<String, ModelCells> keys = new ConcurrentHashMap<>();
    private final ModelCells models = new ModelCells(CERTAINTIES.length + 2);

    /** Adds what the order of an exchange's candidates rested on; by the owner alone. */
    void decided(String model, Choice.Certainty certainty) {
        models.of(model).add(certainty.ordinal(), 1);
    }

    /**
     * Adds an attempt; by the owner alone.
     *
     * @param key name of the client's key; {@code null} without one
     */
    void spent(String provider, String key, String model, Spent spent) {
        Spent.Bill bill = spent.bill();
        Cells sums = of(providers, provider, SUMS).of(model);
        add(sums, Sum.POSSIBLE, bill.possible());
        add(sums, Sum.PARTIAL, bill.partial() ? 1 : 0);
        Cells told = sources.get(provider);
        if (told == null) {
            told = sources.computeIfAbsent(provider, id -> new Cells(SOURCES.length));
        }
        told.add(spent.source().ordinal(), 1);
        if (bill.cost() < 0) {
            add(sums, Sum.UNPRICED, 1);
            return;
        }
        add(sums, Sum.COST, bill.cost());
        if (key != null) {
            of(keys, key, 1).of(model).add(0, bill.cost());
        }
        saved(models.of(model), SAVED_FIRST, bill.others().firstChoice(), bill.cost());
        saved(models.of(model), SAVED_DEAREST, bill.others().dearest(), bill.cost());
    }

    private static void add(Cells sums, Sum sum, long n) {
        if (n > 0) {
            sums.add(sum.ordinal(), n);
        }
    }

    private static void saved(Cells cells, int cell, long instead, long cost) {
        if (instead >= 0) {
            cells.add(cell, instead - cost);
        }
    }

    private static ModelCells of(Map<String, ModelCells> all, String name, int size) {
        ModelCells cells = all.get(name);
        return cells != null ? cells : all.computeIfAbsent(name, id -> new ModelCells(size));
    }

    /** Forgets every name that is not in {@code names}. Any thread. */
    void keepOnly(Names names) {
        providers.keySet().retainAll(names.providers());
        sources.keySet().retainAll(names.providers());
        keys.keySet().retainAll(names.keys());
        providers.values().forEach(cells -> cells.keepOnly(names.models()));
        keys.values().forEach(cells -> cells.keepOnly(names.models()));
        models.keepOnly(names.models());
    }

    /** Adds what was counted to {@code all}. Any thread. */
    void addTo(MoneyFamilies all) {
        providers.forEach((id, cells) -> cells.forEach((entry, sums) -> {
            String provider = Words.provider(id);
            String model = Words.model(entry);
            all.cost.add(sums.get(Sum.COST.ordinal()), provider, model);
            all.possible.add(sums.get(Sum.POSSIBLE.ordinal()), provider, model);
            all.unpriced.add(sums.get(Sum.UNPRICED.ordinal()), provider, model);
            all.partial.add(sums.get(Sum.PARTIAL.ordinal()), provider, model);
        }));
        sources.forEach((id, cells) -> {
            for (Accounted.Source source : SOURCES) {
                all.accounted.add(cells.get(source.ordinal()), Words.provider(id), Words.of(source));
            }
        });
        keys.forEach(
                (key, cells) -> cells.forEach((entry, sums) -> all.keyCost.add(sums.get(0), key, Words.model(entry))));
        models.forEach((entry, cells) -> {
            String model = Words.model(entry);
            for (Choice.Certainty certainty : CERTAINTIES) {
                long n = cells.get(certainty.ordinal());
                if (n > 0) {
                    all.decisions.add(n, model, certainty.word());
                }
            }
            all.saved.add(cells.get(SAVED_FIRST), model, "first_choice");
            all.saved.add(cells.get(SAVED_DEAREST), model, "dearest");
        });
    }
}
