package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.CrossOrigin;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code cors}. Stateless. */
final class CrossOriginReader {

    private static final String EVERY = "*";

    /** As browsers send it (RFC 6454, 6.1): a scheme, a host in lower case, and a port other than the scheme's own. */
    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^\\s/?#@A-Z]+");

    private CrossOriginReader() {}

    /** What {@code file} says of web pages; {@code null} when it says nothing. */
    static CrossOrigin read(Section file) {
        return file.value("cors")
                .flatMap(Value::section)
                .map(CrossOriginReader::section)
                .orElse(null);
    }

    private static CrossOrigin section(Section section) {
        try (section) {
            Set<String> origins = new LinkedHashSet<>();
            for (Value item : section.requiredItems("origins")) {
                item.as(CrossOriginReader::origin).ifPresent(origins::add);
            }
            Duration maxAge = Duration.ofMillis(section.number("max_age"));
            return new CrossOrigin(origins, maxAge);
        }
    }

    private static String origin(String text) {
        if (!text.equals(EVERY) && !ORIGIN.matcher(text).matches()) {
            throw new IllegalArgumentException("an origin in lower case, such as https://app.example.com, or *");
        }
        return text;
    }
}
