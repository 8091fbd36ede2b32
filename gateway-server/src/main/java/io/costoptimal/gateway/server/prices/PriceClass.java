package io.costoptimal.gateway.server.prices;

/** What is priced by the token. Input, cached input and the two kinds of cache writes do not overlap. */
public enum PriceClass {
    /** Input that was neither read from a cache nor written to one. */
    INPUT("input"),
    /** Input read from a cache. */
    CACHED_INPUT("cached_input"),
    /** Input written to a cache for five minutes, or for as long as the vendor keeps it unasked. */
    CACHE_WRITE("cache_write"),
    /** Input written to a cache for an hour. */
    CACHE_WRITE_1H("cache_write_1h"),
    /** Output. */
    OUTPUT("output"),
    /** The part of output that is reasoning. */
    REASONING("reasoning"),
    /** The part of input that is audio. */
    AUDIO_INPUT("audio_input"),
    /** The part of output that is audio. */
    AUDIO_OUTPUT("audio_output");

    private final String key;

    PriceClass(String key) {
        this.key = key;
    }

    /** What configurations and files of prices call it. */
    public String key() {
        return key;
    }
}
