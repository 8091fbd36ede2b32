package io.costoptimal.gateway.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Rewrites a client's {@code Accept-Encoding} (RFC 9110, 12.5.3) so that the answer's usage can be read. Stateless. */
final class Codings {

    /** What an answer is unpacked from as it passes. */
    private static final Set<String> READABLE = Set.of("gzip", "x-gzip", "deflate", "identity");

    private static final String ZERO = "(?i)q\\s*=\\s*0(\\.0{0,3})?";

    private Codings() {}

    /** A plain answer, unless {@code asked} refuses one. */
    static String plain(String asked) {
        return refusesIdentity(asked) ? asked : "identity";
    }

    /** Of {@code asked}, the codings that can be unpacked. */
    static String readable(String asked) {
        List<String> kept = new ArrayList<>();
        for (String element : asked.split(",")) {
            String coding = element.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            if (READABLE.contains(coding)) {
                kept.add(element.strip());
            }
        }
        return kept.isEmpty() ? plain(asked) : String.join(", ", kept);
    }

    private static boolean refusesIdentity(String asked) {
        boolean refused = false;
        for (String element : asked.split(",")) {
            String[] parts = element.split(";", 2);
            boolean zero = parts.length == 2 && parts[1].strip().matches(ZERO);
            if (parts[0].strip().equalsIgnoreCase("identity")) {
                return zero;
            }
            refused |= zero && parts[0].strip().equals("*");
        }
        return refused;
    }
}
