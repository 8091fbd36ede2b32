package io.costoptimal.gateway.exchange;

/**
 * Where the documents of an API, or the events of its streams, say how many tokens were used. Immutable. Names are given as
 * the reader of answers hashes them: the account package makes dialects of names.
 */
public interface UsageDialect {

    /** Nothing is charged by tokens, so that nobody looks for them. */
    UsageDialect NOTHING = new UsageDialect() {
        @Override
        public Place placeOf(Place parent, long name) {
            return null;
        }

        @Override
        public boolean mayCarryUsage(long type) {
            return false;
        }

        @Override
        public boolean plain() {
            return false;
        }
    };

    /** A part of a document whose members are read. */
    enum Place {
        ROOT,
        /** The member of the root that has the usage in it. */
        ENVELOPE,
        USAGE,
        /** An object that breaks the total of input down. */
        INPUT_DETAILS,
        /** An object that breaks the total of output down. */
        OUTPUT_DETAILS,
        /** The object that tells for how long input was written to the cache. */
        CACHE_CREATION,
        /** The object that tells how often the provider's own tools were used. */
        SERVER_TOOLS
    }

    /** What an object that is member {@code name} of {@code parent} is; {@code null} when nothing in it is read. */
    Place placeOf(Place parent, long name);

    /** Whether a document whose {@code type} is this one may carry usage. */
    boolean mayCarryUsage(long type);

    /** Whether the usage is the member {@code usage} of the root and documents have no type, as in most APIs. */
    boolean plain();

    /** Whether a document that has its usage near its end tells long before that at what rate its tokens are charged. */
    default boolean rateComesFirst() {
        return false;
    }

    /** Whether a stream tells usage only where its request has {@code stream_options.include_usage}. */
    default boolean ifAsked() {
        return false;
    }
}
