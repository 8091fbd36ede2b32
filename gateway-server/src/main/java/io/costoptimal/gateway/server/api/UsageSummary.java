package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.server.admin.Answer;
import io.costoptimal.gateway.server.admin.Refused;
import io.costoptimal.gateway.server.admin.Request;
import io.costoptimal.gateway.server.admin.Route;
import io.costoptimal.gateway.server.admin.Threads.Kind;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.Histogram;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Dimension;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Grouping;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Line;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Period;
import io.costoptimal.gateway.server.ledger.RollUp;
import io.costoptimal.gateway.server.ledger.RowText;
import io.costoptimal.gateway.server.ledger.Sum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import tools.jackson.core.JsonGenerator;

/** Sums of rows by what they have in common and by time, and what is missing of them. Any thread. */
final class UsageSummary {

    private static final List<String> NAMES = Filters.and("group");
    private static final String DECISION = "decision_";
    private static final String TOKENS = "tokens_";
    private static final Duration STANDARD = Duration.ofDays(30);

    /** What these add up to is told as what was saved. */
    private static final Set<Sum> COMPARED = EnumSet.of(
            Sum.FIRST_CHOICE_NANO_USD, Sum.FIRST_CHOICE_COST_NANO_USD, Sum.DEAREST_NANO_USD, Sum.DEAREST_COST_NANO_USD);

    private final Ledgers ledgers;
    private final LongSupplier now;

    /** @param now in milliseconds since 1970 */
    UsageSummary(Ledgers ledgers, LongSupplier now) {
        this.ledgers = ledgers;
        this.now = now;
    }

    Route route() {
        return Route.get("/usage/summary", Kind.QUERY, this::answer);
    }

    private Answer answer(Request request) throws Refused {
        Parameters parameters = Parameters.of(request, NAMES);
        long end = now.getAsLong();
        Filter filter = Filters.read(parameters, end - STANDARD.toMillis(), end);
        Grouping grouping = grouping(parameters.text("group"));
        List<Line> lines = ledgers.ask(ledger -> ledger.summary(filter, grouping));
        List<Gap> gaps = ledgers.ask(ledger -> ledger.gaps(filter.from(), filter.to()));
        return Json.object(json -> {
            json.writeArrayPropertyStart("data");
            lines.forEach(line -> line(json, line, grouping.period()));
            json.writeEndArray();
            json.writeArrayPropertyStart("gaps");
            gaps.forEach(gap -> gap(json, gap));
            json.writeEndArray();
        });
    }

    private static Grouping grouping(String text) throws Refused {
        List<Dimension> by = new ArrayList<>();
        Period period = null;
        for (String word : text == null ? List.<String>of() : List.of(text.split(",", -1))) {
            Dimension dimension = named(Dimension.values(), word);
            Period length = named(Period.values(), word);
            if (dimension != null && !by.contains(dimension)) {
                by.add(dimension);
            } else if (length != null && period == null) {
                period = length;
            } else {
                throw Refused.parameter(
                        "group", text, "words of key, model, provider, outcome, and one of hour, day, month");
            }
        }
        return new Grouping(by, period);
    }

    private static <E extends Enum<E>> E named(E[] values, String word) {
        for (E value : values) {
            if (value.name().toLowerCase(Locale.ROOT).equals(word)) {
                return value;
            }
        }
        return null;
    }

    private static void line(JsonGenerator json, Line line, Period period) {
        json.writeStartObject();
        line.of().forEach((dimension, value) -> json.writeStringProperty(dimension.word(), value));
        if (period != null) {
            json.writeStringProperty(period.name().toLowerCase(Locale.ROOT), start(line.start(), period));
        }
        sums(json, line.sums());
        json.writeEndObject();
    }

    private static String start(long millis, Period period) {
        String time = RowText.time(millis);
        return switch (period) {
            case HOUR -> time.substring(0, "2026-11-27T08:00".length()) + ":00Z";
            case DAY -> time.substring(0, "2026-11-27".length());
            case MONTH -> time.substring(0, "2026-11".length());
        };
    }

    private static void sums(JsonGenerator json, RollUp sums) {
        for (Sum sum : Sum.ALL) {
            if (!COMPARED.contains(sum)
                    && !sum.word().startsWith(DECISION)
                    && !sum.word().startsWith(TOKENS)) {
                json.writeNumberProperty(sum.word(), sums.sum(sum));
            }
        }
        json.writeNumberProperty("saved_first_choice_nano_usd", sums.savedAgainstFirstChoice());
        json.writeNumberProperty("saved_dearest_nano_usd", sums.savedAgainstDearest());
        percentiles(json, "first_byte", sums.firstByte());
        percentiles(json, "total", sums.total());
        words(json, "decisions", DECISION, sums);
        words(json, "token_sources", TOKENS, sums);
    }

    private static void percentiles(JsonGenerator json, String what, Histogram times) {
        Json.number(json, what + "_p50_ms", times.percentile(0.5));
        Json.number(json, what + "_p90_ms", times.percentile(0.9));
        Json.number(json, what + "_p99_ms", times.percentile(0.99));
    }

    private static void words(JsonGenerator json, String name, String prefix, RollUp sums) {
        json.writeObjectPropertyStart(name);
        for (Sum sum : Sum.ALL) {
            if (sum.word().startsWith(prefix)) {
                json.writeNumberProperty(sum.word().substring(prefix.length()), sums.sum(sum));
            }
        }
        json.writeEndObject();
    }

    private static void gap(JsonGenerator json, Gap gap) {
        json.writeStartObject();
        json.writeStringProperty("from", RowText.time(gap.from()));
        json.writeStringProperty("to", RowText.time(gap.to()));
        json.writeNumberProperty("count", gap.count());
        json.writeStringProperty("reason", gap.why().word());
        json.writeEndObject();
    }
}
