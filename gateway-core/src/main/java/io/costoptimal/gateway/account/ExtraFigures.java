package io.costoptimal.gateway.account;

import io.costoptimal.gateway.exchange.NameHash;
import io.costoptimal.gateway.exchange.Usage.Extra;
import io.costoptimal.gateway.exchange.Usage.Extra.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * What usage objects say beside tokens: rates that are not the usual ones, and uses of the provider's own tools. Confined to its
 * scanner's thread.
 *
 * <p>Most answers say nothing of the kind, and for those none of these is made.
 */
final class ExtraFigures {

    /** Charged for by the tokens alone that it fetches. */
    private static final long WEB_FETCH = NameHash.of("web_fetch_requests");

    /** Tools that are told apart; a provider has fewer. Uses of more count as uses of one without a name. */
    private static final int MOST_TOOLS = 8;

    /** By kind, the name of the rate; {@link Dialect#NOTHING} for the usual one. */
    private final long[] rates = new long[Kind.SERVER_TOOL.ordinal()];

    private final long[] tools = new long[MOST_TOOLS + 1];
    private final long[] times = new long[MOST_TOOLS + 1];
    private int toolCount;

    /** Notes that tokens are charged by the rate {@code name}. The last name counts. */
    void rate(Kind kind, long name) {
        rates[kind.ordinal()] = name;
    }

    /** Notes how often one of the provider's own tools was used. Such counts only grow, so the largest is the last. */
    void tool(long name, long count) {
        if (count <= 0 || name == WEB_FETCH) {
            return;
        }
        int at = 0;
        while (at < toolCount && tools[at] != name) {
            at++;
        }
        if (at >= MOST_TOOLS) {
            at = MOST_TOOLS;
            name = Dialect.NOTHING;
        }
        toolCount = Math.max(toolCount, at + 1);
        tools[at] = name;
        times[at] = Math.max(times[at], count);
    }

    /** Takes in what a later object of the same answer says. */
    void add(ExtraFigures later) {
        for (int i = 0; i < rates.length; i++) {
            rates[i] = later.rates[i] == Dialect.NOTHING ? rates[i] : later.rates[i];
        }
        for (int i = 0; i < later.toolCount; i++) {
            tool(later.tools[i], later.times[i]);
        }
    }

    /** What was said, by kind and name. */
    List<Extra> toList() {
        List<Extra> extras = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (kind != Kind.SERVER_TOOL && rates[kind.ordinal()] != Dialect.NOTHING) {
                extras.add(new Extra(kind, rates[kind.ordinal()], 1));
            }
        }
        int rates = extras.size();
        for (int i = 0; i < toolCount; i++) {
            extras.add(new Extra(Kind.SERVER_TOOL, tools[i], times[i]));
        }
        extras.subList(rates, extras.size()).sort((a, b) -> Long.compare(a.name(), b.name()));
        return extras;
    }
}
