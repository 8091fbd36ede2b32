package io.costoptimal.gateway.http;

import java.util.List;

/** The content codings this gateway can undo (RFC 9110, 8.4.1; RFC 8878 for {@code zstd}). */
public enum ContentCoding {
    /** Not packed. */
    IDENTITY,
    GZIP,
    /** A zlib stream (RFC 1950), or bare deflate data (RFC 1951), which some senders mean by the same word. */
    DEFLATE,
    ZSTD,
    /** Any other, or several one upon another. */
    UNKNOWN;

    /** Reads all {@code Content-Encoding} values of one message; empty elements do not count (RFC 9110, 5.6.1.2). */
    public static ContentCoding of(List<? extends CharSequence> values) {
        ContentCoding found = IDENTITY;
        for (CharSequence value : values) {
            for (String element : value.toString().split(",")) {
                found = found.with(one(element.strip()));
            }
        }
        return found;
    }

    /** This coding with {@code other} upon it. */
    ContentCoding with(ContentCoding other) {
        return this == IDENTITY ? other : other == IDENTITY ? this : UNKNOWN;
    }

    private static ContentCoding one(String name) {
        if (name.isEmpty() || name.equalsIgnoreCase("identity")) {
            return IDENTITY;
        }
        if (name.equalsIgnoreCase("gzip") || name.equalsIgnoreCase("x-gzip")) {
            return GZIP;
        }
        if (name.equalsIgnoreCase("deflate")) {
            return DEFLATE;
        }
        return name.equalsIgnoreCase("zstd") && Zstd.AVAILABLE ? ZSTD : UNKNOWN;
    }

    /** Loads what would otherwise be loaded, from a file, by the first request that needs it. Not for an event loop. */
    public static void load() {
        accepted();
    }

    /** What an {@code Accept-Encoding} field says of these. */
    public static String accepted() {
        return Zstd.AVAILABLE ? "gzip, deflate, zstd" : "gzip, deflate";
    }

    /**
     * Returns a new unpacker, which the caller closes.
     *
     * @throws IllegalStateException of {@link #IDENTITY} and {@link #UNKNOWN}
     */
    public Unpacker unpacker() {
        return switch (this) {
            case GZIP -> new Inflation(true);
            case DEFLATE -> new Inflation(false);
            case ZSTD -> new Zstd();
            default -> throw new IllegalStateException("nothing undoes " + this);
        };
    }
}
