package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.cost.ExtraPrices;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Usage.Extra.Kind;
import io.costoptimal.gateway.server.config.PriceNotes.Noted;
import io.costoptimal.gateway.server.prices.Catalogue;
import io.costoptimal.gateway.server.prices.OwnPrice;
import io.costoptimal.gateway.server.prices.PriceAs;
import io.costoptimal.gateway.server.prices.PriceFileException;
import io.costoptimal.gateway.server.prices.PriceList;
import io.costoptimal.gateway.server.prices.PricesInForce;
import io.costoptimal.gateway.server.prices.Rates;
import io.costoptimal.gateway.server.prices.Tariff;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code prices} and {@code prices_file}, and finds which price is in force for what the file's providers and candidates
 * are called. Owned by the thread that loads.
 */
final class PriceReader {

    private final Section file;
    private final Map<String, Provider> providers;
    private final PriceNotes notes;

    /** A row of {@code prices}. */
    private record Own(Provider provider, String model, OwnPrice price) {}

    /**
     * @param providers by id
     * @param notes what providers and candidates say of prices
     */
    PriceReader(Section file, Map<String, Provider> providers, PriceNotes notes) {
        this.file = file;
        this.providers = providers;
        this.notes = notes;
    }

    /**
     * The prices in force; {@link Prices#NONE} when nothing asks for any.
     *
     * @param asked whether a ledger or a rule asks for prices
     */
    Prices read(boolean asked) {
        List<Own> own = own();
        Optional<Value> written = file.value("prices_file");
        List<PriceList> lists = new ArrayList<>();
        written.flatMap(this::list).ifPresent(lists::add);
        if (!asked && written.isEmpty() && file.value("prices").isEmpty() && !notes.ask()) {
            return Prices.NONE;
        }
        lists.add(Catalogue.list());
        PricesInForce.Builder prices = new PricesInForce.Builder(lists);
        providers
                .values()
                .forEach(provider -> prices.provider(
                        provider,
                        Optional.ofNullable(notes.providers().get(provider.id()))
                                .flatMap(value -> priceAs(value, prices))
                                .orElse(null)));
        candidates(prices);
        own.forEach(price -> prices.own(price.provider, price.model, price.price));
        return prices.build();
    }

    private void candidates(PricesInForce.Builder prices) {
        Map<String, PriceAs> said = new HashMap<>();
        for (Noted noted : notes.candidates()) {
            PriceAs as = noted.priceAs() == null
                    ? null
                    : priceAs(noted.priceAs(), prices).orElse(null);
            if (as == null || noted.model() == null) {
                continue;
            }
            if (as.model() == null) {
                noted.priceAs().expected("vendor/model; vendor/* stands at a provider");
                continue;
            }
            PriceAs first = said.putIfAbsent(noted.provider().id() + '\n' + noted.model(), as);
            if (first != null && !first.equals(as)) {
                noted.priceAs().expected(first + ", as elsewhere for this provider and model");
            } else if (first == null) {
                prices.candidate(noted.provider(), noted.model(), as);
            }
        }
    }

    /** A name that is in one of the lists. */
    private static Optional<PriceAs> priceAs(Value value, PricesInForce.Builder prices) {
        return value.as(PriceAs::parse)
                .filter(as -> prices.has(as)
                        || value.problem("unknown model: " + value.shown() + Words.hint(as.toString(), prices.names())
                                        + " (expected: one of the catalogue or of prices_file)")
                                .isPresent());
    }

    private Optional<PriceList> list(Value value) {
        String text = value.text().orElse(null);
        if (text == null) {
            return Optional.empty();
        }
        try {
            Path path = file.reading().folder().resolve(text);
            return Optional.of(Catalogue.file(path));
        } catch (PriceFileException e) {
            e.problems()
                    .forEach(problem -> file.reading()
                            .problems()
                            .elsewhere(new Problem(problem.file(), problem.line(), problem.col(), problem.message())));
            return Optional.empty();
        } catch (InvalidPathException | IOException e) {
            return value.expected("a file that can be read, of at most 16 MB");
        }
    }

    private List<Own> own() {
        List<Own> own = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Value item : file.items("prices")) {
            item.section().ifPresent(section -> {
                try (section) {
                    Optional<Value> id = section.required("provider");
                    Optional<Value> name = section.required("model");
                    String provider = id.flatMap(Value::text).orElse(null);
                    String model =
                            name.flatMap(value -> value.as(Names::oneModel)).orElse(null);
                    Optional<Tariff> tariff = tariff(section);
                    ExtraPrices extras = extras(section);
                    if (provider != null && !providers.containsKey(provider)) {
                        id.get()
                                .warn("prices: unknown provider: " + id.get().shown()
                                        + Words.hint(provider, providers.keySet()));
                    }
                    if (provider == null || model == null) {
                        return;
                    }
                    if (!seen.add(provider + '\n' + model)) {
                        name.get().expected("each model of a provider once");
                    } else if (providers.containsKey(provider)) {
                        tariff.ifPresent(
                                price -> own.add(new Own(providers.get(provider), model, new OwnPrice(price, extras))));
                    }
                }
            });
        }
        return own;
    }

    private static Optional<Tariff> tariff(Section section) {
        Map<TokenClass, Long> base = rates(section);
        section.required(Rates.key(TokenClass.INPUT));
        section.required(Rates.key(TokenClass.OUTPUT));
        long perRequest = section.number("per_request");
        long context = tokens(section, "context");
        long maxOutput = tokens(section, "max_output");
        List<Tariff.Tier> tiers = new ArrayList<>();
        for (Value item : section.items("tiers")) {
            item.section().ifPresent(tier -> tier(tier).ifPresent(tiers::add));
        }
        if (!base.containsKey(TokenClass.INPUT) || !base.containsKey(TokenClass.OUTPUT)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Tariff(new Rates(base), tiers, perRequest, context, maxOutput));
        } catch (IllegalArgumentException e) {
            section.problem(e.getMessage());
            return Optional.empty();
        }
    }

    private static ExtraPrices extras(Section section) {
        Map<Kind, Map<String, Long>> named = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            Map<String, Long> values = new HashMap<>();
            section.value(PriceKeys.key(kind)).flatMap(Value::section).ifPresent(map -> {
                for (Value value : map.all()) {
                    number(value).ifPresent(number -> values.put(value.name(), number));
                }
            });
            named.put(kind, values);
        }
        return new ExtraPrices(named);
    }

    private static Optional<Tariff.Tier> tier(Section section) {
        try (section) {
            Map<TokenClass, Long> rates = rates(section);
            if (rates.isEmpty()) {
                section.problem("no price (expected: at least one that differs)");
            }
            long above = section.required("above").isPresent() ? tokens(section, "above") : Tariff.UNKNOWN;
            return above == Tariff.UNKNOWN ? Optional.empty() : Optional.of(new Tariff.Tier(above, new Rates(rates)));
        }
    }

    private static Map<TokenClass, Long> rates(Section section) {
        Map<TokenClass, Long> rates = new EnumMap<>(TokenClass.class);
        for (TokenClass kind : TokenClass.values()) {
            number(section, Rates.key(kind)).ifPresent(price -> rates.put(kind, price));
        }
        return rates;
    }

    private static long tokens(Section section, String key) {
        return number(section, key).orElse(Tariff.UNKNOWN);
    }

    private static Optional<Long> number(Section section, String key) {
        return section.value(key).flatMap(PriceReader::number);
    }

    private static Optional<Long> number(Value value) {
        return value.number(((Form.Number) value.setting().form()).range());
    }
}
