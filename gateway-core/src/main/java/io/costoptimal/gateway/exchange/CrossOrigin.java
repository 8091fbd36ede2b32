package io.costoptimal.gateway.exchange;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/**
 * Which web pages may call the gateway from a browser: the protocol browsers call CORS
 * (<a href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch standard, 3.2</a>). Immutable, any thread.
 *
 * <p>Cookies and other credentials of the browser's own are never allowed: a key is a header that the page sets itself.
 *
 * @param origins of pages, such as {@code https://app.example.com}; {@code *} among them means every page
 * @param maxAge how long a browser may remember that it was let in
 */
public record CrossOrigin(Set<String> origins, Duration maxAge) {

    private static final String EVERY = "*";

    /** Where the answer depends on who asks, caches have to know (RFC 9110, 12.5.5). */
    private static final byte[] VARY = "vary: origin\r\n".getBytes(StandardCharsets.US_ASCII);

    public CrossOrigin {
        origins = Set.copyOf(origins);
    }

    /** Whether a page of {@code origin} may read answers. */
    public boolean allows(String origin) {
        return origins.contains(EVERY) || origins.contains(origin);
    }

    /**
     * The header lines that every answer needs, each with its CRLF.
     *
     * @param origin the request's {@code Origin}; {@code null} when it came from no page
     * @return {@code null} when there are none
     */
    public byte[] answerFields(String origin) {
        boolean every = origins.contains(EVERY);
        if (origin == null || !allows(origin)) {
            return every ? null : VARY;
        }
        String shown = every ? EVERY : origin;
        String fields = "access-control-allow-origin: " + shown + "\r\naccess-control-expose-headers: *\r\n"
                + (every ? "" : "vary: origin\r\n");
        return fields.getBytes(StandardCharsets.US_ASCII);
    }
}
