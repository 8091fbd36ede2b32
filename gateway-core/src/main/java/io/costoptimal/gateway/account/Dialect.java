package io.costoptimal.gateway.account;

import io.costoptimal.gateway.exchange.Endpoint;

/**
 * Where an API puts usage, and how it says that a stream is over. Immutable; names are hashes, see {@link Name}.
 *
 * @param envelope the member of an event that may hold usage instead of the event itself; {@link #NOTHING} without
 * @param carriers types of the events that carry usage; empty where events have no type
 */
record Dialect(long envelope, long[] carriers) {

    /** No name has this hash. */
    static final long NOTHING = 0;

    private static final long USAGE = Name.of("usage");

    private static final long[] DETAILS = names(
            "prompt_tokens_details", "completion_tokens_details", "input_tokens_details", "output_tokens_details");

    private static final long[] LAST_TYPES = names(
            "message_stop", "response.completed", "response.incomplete", "response.failed", "response.done", "error");

    /** One document: usage is a member of its root in every API. Chat streams do the same in each event. */
    static final Dialect PLAIN = new Dialect(NOTHING, names());

    private static final Dialect RESPONSES = new Dialect(Name.of("response"), LAST_TYPES);
    private static final Dialect MESSAGES = new Dialect(Name.of("message"), names("message_start", "message_delta"));

    /** A part of a document whose members are read. */
    enum Place {
        ROOT,
        /** {@code response} or {@code message} of an event. */
        ENVELOPE,
        USAGE,
        /** An object that breaks a total down. */
        DETAILS
    }

    /** How an API's events say it. */
    static Dialect ofEvents(Endpoint endpoint) {
        return switch (endpoint) {
            case RESPONSES -> RESPONSES;
            case MESSAGES -> MESSAGES;
            default -> PLAIN;
        };
    }

    /** What an object that is member {@code name} of {@code parent} is; {@code null} when nothing in it is read. */
    Place placeOf(Place parent, long name) {
        return switch (parent) {
            case ROOT -> name == USAGE ? Place.USAGE : name == envelope && name != NOTHING ? Place.ENVELOPE : null;
            case ENVELOPE -> name == USAGE ? Place.USAGE : null;
            case USAGE -> isOneOf(DETAILS, name) ? Place.DETAILS : null;
            case DETAILS -> null;
        };
    }

    /** What the object is in which {@code place} is, when {@code open} places are open. Of no meaning for the root. */
    static Place parentOf(Place place, int open) {
        return switch (place) {
            case DETAILS -> Place.USAGE;
            case USAGE -> open > 2 ? Place.ENVELOPE : Place.ROOT;
            case ENVELOPE, ROOT -> Place.ROOT;
        };
    }

    /** Whether an event without {@code usage}, {@code error} and {@code type} says nothing. */
    boolean speaksByNames() {
        return carriers.length == 0 && envelope == NOTHING;
    }

    /** Whether an event of this type may carry usage. */
    boolean mayCarryUsage(long type) {
        return carriers.length == 0 || isOneOf(carriers, type);
    }

    /** Whether no event follows one of this type. */
    static boolean isLast(long type) {
        return isOneOf(LAST_TYPES, type);
    }

    private static long[] names(String... names) {
        long[] hashes = new long[names.length];
        for (int i = 0; i < names.length; i++) {
            hashes[i] = Name.of(names[i]);
        }
        return hashes;
    }

    private static boolean isOneOf(long[] names, long name) {
        for (long known : names) {
            if (known == name) {
                return true;
            }
        }
        return false;
    }
}
