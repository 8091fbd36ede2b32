package io.costoptimal.gateway.objects;

import io.costoptimal.gateway.exchange.ReferringNames;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Finds what the query of a request refers to. No API has references there, but some servers take from a query what a body leaves
 * out. Stateless.
 */
final class ReferringQuery {

    private ReferringQuery() {}

    /** Adds to {@code found} what {@code query} refers to. */
    static void in(String query, Referred found) {
        // Older servers separate parameters by semicolons too.
        for (String parameter : query.split("[&;]")) {
            int equals = parameter.indexOf('=');
            String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            int bracket = name.indexOf('[');
            if (equals > 0
                    && ReferringNames.refers(ReferringNames.folded(bracket < 0 ? name : name.substring(0, bracket)))) {
                String id = decoded(parameter.substring(equals + 1));
                if (!id.isEmpty()) {
                    found.ids().add(id);
                }
            }
        }
    }

    /** As it stands when its escapes are broken. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            return text;
        }
    }
}
