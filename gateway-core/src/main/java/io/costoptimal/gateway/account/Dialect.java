package io.costoptimal.gateway.account;

import io.costoptimal.gateway.exchange.NameHash;
import io.costoptimal.gateway.exchange.UsageDialect;

/** Where an API puts usage, by the hashes of names ({@link NameHash}). Immutable. */
public final class Dialect implements UsageDialect {

    /** What one API does otherwise than the others. */
    private enum Habit {
        NONE,
        /** It tells usage only if it is asked to. */
        IF_ASKED,
        /** It tells the rate long before the usage. */
        RATE_FIRST
    }

    /** No name has this hash. */
    static final long NOTHING = 0;

    private static final long USAGE = NameHash.of("usage");

    /** The last is how transcriptions spell it. */
    private static final long[] INPUT_DETAILS =
            names("prompt_tokens_details", "input_tokens_details", "input_token_details");

    private static final long[] OUTPUT_DETAILS =
            names("completion_tokens_details", "output_tokens_details", "output_token_details");
    private static final long CACHE_CREATION = NameHash.of("cache_creation");
    private static final long SERVER_TOOLS = NameHash.of("server_tool_use");

    /** Service tiers, speeds and places at which a model's tokens cost what its price list says first. */
    private static final long[] USUAL_RATES =
            names("default", "standard", "auto", "on_demand", "global", "not_available");

    private static final long[] LAST_TYPES = names(
            "message_stop", "response.completed", "response.incomplete", "response.failed", "response.done", "error");

    /** Usage is a member of the root, which has no type: a document of every API, and the events of chats. */
    public static final UsageDialect PLAIN = new Dialect(USAGE, NOTHING, names(), Habit.NONE);

    /** The events of {@code /v1/chat/completions}, which tell usage only if they are asked to. */
    public static final UsageDialect CHAT = new Dialect(USAGE, NOTHING, names(), Habit.IF_ASKED);

    /** A document of {@code /v1/responses}. */
    public static final UsageDialect RESPONSE = new Dialect(USAGE, NOTHING, names(), Habit.RATE_FIRST);

    /** The events of {@code /v1/responses}. */
    public static final UsageDialect RESPONSES = new Dialect(USAGE, NameHash.of("response"), LAST_TYPES, Habit.NONE);

    /** The events of {@code /v1/messages}. */
    public static final UsageDialect MESSAGES =
            new Dialect(USAGE, NameHash.of("message"), names("message_start", "message_delta"), Habit.NONE);

    private final long usage;
    private final long envelope;
    private final long[] carriers;
    private final Habit habit;

    private Dialect(long usage, long envelope, long[] carriers, Habit habit) {
        this.usage = usage;
        this.envelope = envelope;
        this.carriers = carriers;
        this.habit = habit;
    }

    /**
     * The figures stand in an object called {@code usage}, which is a member of the root or of another object in it.
     *
     * @param envelope the name of that other object; {@code null} when there is none
     */
    public static UsageDialect of(String usage, String envelope) {
        return new Dialect(NameHash.of(usage), envelope == null ? NOTHING : NameHash.of(envelope), names(), Habit.NONE);
    }

    @Override
    public Place placeOf(Place parent, long name) {
        return switch (parent) {
            case ROOT -> name == usage ? Place.USAGE : name == envelope && name != NOTHING ? Place.ENVELOPE : null;
            case ENVELOPE -> name == usage ? Place.USAGE : null;
            case USAGE -> partOf(name);
            case INPUT_DETAILS, OUTPUT_DETAILS, CACHE_CREATION, SERVER_TOOLS -> null;
        };
    }

    private static Place partOf(long name) {
        if (isOneOf(INPUT_DETAILS, name)) {
            return Place.INPUT_DETAILS;
        }
        if (isOneOf(OUTPUT_DETAILS, name)) {
            return Place.OUTPUT_DETAILS;
        }
        return name == CACHE_CREATION ? Place.CACHE_CREATION : name == SERVER_TOOLS ? Place.SERVER_TOOLS : null;
    }

    /** What the object is in which {@code place} is, when {@code open} places are open. Of no meaning for the root. */
    static Place parentOf(Place place, int open) {
        return switch (place) {
            case INPUT_DETAILS, OUTPUT_DETAILS, CACHE_CREATION, SERVER_TOOLS -> Place.USAGE;
            case USAGE -> open > 2 ? Place.ENVELOPE : Place.ROOT;
            case ENVELOPE, ROOT -> Place.ROOT;
        };
    }

    @Override
    public boolean ifAsked() {
        return habit == Habit.IF_ASKED;
    }

    @Override
    public boolean rateComesFirst() {
        return habit == Habit.RATE_FIRST;
    }

    @Override
    public boolean plain() {
        return usage == USAGE && envelope == NOTHING && carriers.length == 0;
    }

    @Override
    public boolean mayCarryUsage(long type) {
        return carriers.length == 0 || isOneOf(carriers, type);
    }

    /** Whether no event follows one of this type. */
    static boolean isLast(long type) {
        return isOneOf(LAST_TYPES, type);
    }

    /** Whether tokens at the rate of this name cost what they usually do. */
    static boolean isUsualRate(long rate) {
        return isOneOf(USUAL_RATES, rate);
    }

    private static long[] names(String... names) {
        long[] hashes = new long[names.length];
        for (int i = 0; i < names.length; i++) {
            hashes[i] = NameHash.of(names[i]);
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
