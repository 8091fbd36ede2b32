package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.server.admin.Refused;
import io.costoptimal.gateway.server.admin.Request;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** The parameters of a query, each at most once, none without a value and none that is not known. Immutable. */
final class Parameters {

    private final Map<String, List<String>> given;

    private Parameters(Map<String, List<String>> given) {
        this.given = given;
    }

    /**
     * Those of {@code request}.
     *
     * @param known every name that it may use
     */
    static Parameters of(Request request, List<String> known) throws Refused {
        Map<String, List<String>> given = request.head().query();
        for (Map.Entry<String, List<String>> parameter : given.entrySet()) {
            if (!known.contains(parameter.getKey())) {
                throw Refused.parameter(
                        parameter.getKey(),
                        "unknown",
                        known.isEmpty() ? "no parameters" : "one of " + String.join(", ", known));
            }
            if (parameter.getValue().size() > 1) {
                throw Refused.parameter(parameter.getKey(), String.join(", ", parameter.getValue()), "one value");
            }
            // As from a variable of a script that is not set: without it more would be meant than was asked for.
            if (parameter.getValue().get(0).isEmpty()) {
                throw Refused.parameter(parameter.getKey(), "nothing", "a value, or the parameter left out");
            }
        }
        return new Parameters(given);
    }

    /** The text of {@code name}, which is not empty; {@code null} when it is absent. */
    String text(String name) {
        List<String> values = given.get(name);
        return values == null ? null : values.get(0);
    }

    /** One of {@code words}; the first of them when it is absent. */
    String word(String name, List<String> words) throws Refused {
        String text = text(name);
        if (text != null && !words.contains(text)) {
            throw Refused.parameter(name, text, "one of " + String.join(", ", words));
        }
        return text == null ? words.get(0) : text;
    }

    /** A number from {@code least} to {@code most}; {@code standard} when it is absent. */
    int number(String name, int standard, int least, int most) throws Refused {
        String text = text(name);
        if (text == null) {
            return standard;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw Refused.parameter(name, text, least + " to " + most);
    }

    /** A time in milliseconds since 1970; {@code standard} when it is absent. */
    long time(String name, long standard) throws Refused {
        String text = text(name);
        if (text == null) {
            return standard;
        }
        try {
            return text.length() == 10
                    ? LocalDate.parse(text)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .toEpochMilli()
                    : instant(text).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw Refused.parameter(
                    name, text, "a time such as 2026-11-27T08:00:00Z, or a day such as 2026-11-27 (UTC)");
        }
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }
}
