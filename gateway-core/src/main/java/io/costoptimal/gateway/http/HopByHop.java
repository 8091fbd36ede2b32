package io.costoptimal.gateway.http;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The fields that end at this hop, in requests and in responses (RFC 9110 section 7.6.1, trap 43): a fixed set, and
 * whatever {@code Connection} nominates. Stateless, any thread.
 */
public final class HopByHop {

    /**
     * Never forwarded. {@code Trailer} is not here: it describes the content, which passes through unchanged.
     * {@code Proxy-Authenticate} and its like are, because they speak to the client next to the one who said so.
     */
    public static final FieldNames FIXED = FieldNames.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-authorization");

    /** What a nomination does not remove: dropping these would change where a message goes, how long it is or who sent it. */
    private static final FieldNames KEPT = FieldNames.of("host", "content-length", "authorization");

    /** Options that say something of the connection and, as fields, are in the fixed set or do not exist. */
    private static final FieldNames CONNECTION_ONLY = FieldNames.of("close", "keep-alive");

    private HopByHop() {}

    /**
     * The names that {@code Connection} lines nominate, each line a comma-separated list.
     *
     * @param values the value of every {@code Connection} line of one head
     * @return {@link FieldNames#NONE} in the usual case of {@code close} or {@code keep-alive}
     */
    public static FieldNames nominated(Iterator<? extends CharSequence> values) {
        if (!values.hasNext()) {
            return FieldNames.NONE;
        }
        List<String> names = List.of();
        while (values.hasNext()) {
            CharSequence value = values.next();
            if (!CONNECTION_ONLY.contains(value)) {
                names = names.isEmpty() ? new ArrayList<>(2) : names;
                addOptions(value.toString(), names);
            }
        }
        return FieldNames.of(names);
    }

    private static void addOptions(String value, List<String> names) {
        for (String option : value.split(",")) {
            String name = option.trim();
            if (!name.isEmpty() && !CONNECTION_ONLY.contains(name) && !KEPT.contains(name)) {
                names.add(name);
            }
        }
    }
}
