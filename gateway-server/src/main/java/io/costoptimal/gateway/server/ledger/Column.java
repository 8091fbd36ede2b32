package io.costoptimal.gateway.server.ledger;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Every fact that the ledger keeps of an attempt, in the order of the table {@code attempts}, of exports and of the API,
 * which all call it by its name in lower case. Times are milliseconds, money is nano-dollars, token classes are disjoint but
 * for those that say whose part they are.
 */
public enum Column {
    /** When the request's head had arrived, in milliseconds since 1970: the same for all attempts of a request. */
    STARTED_AT(Kind.NUMBER, true),
    /** What the gateway calls the request. */
    REQUEST_ID(Kind.TEXT, true),
    /** From 1, in the order in which providers were asked. */
    ATTEMPT(Kind.NUMBER, true),
    /** Name of the client's key. */
    KEY(Kind.TEXT, true),
    /** The model's entry in the configuration, its wildcard as written; {@link Row#OTHER} where none has it. */
    MODEL(Kind.TEXT, true),
    /** The model as the client called it. */
    MODEL_ASKED(Kind.TEXT, false),
    /** The model as the provider was asked for it. */
    MODEL_SENT(Kind.TEXT, false),
    /** Id of the provider that was asked. */
    PROVIDER(Kind.TEXT, true),
    /** Path of the operation as the public APIs spell it. */
    OPERATION(Kind.TEXT, false),
    /** Whether the client asked for a stream. */
    STREAM(Kind.FLAG, true),
    /** A word of {@link AttemptOutcome}. */
    OUTCOME(Kind.TEXT, true),
    /** What kind of failure it was; absent when there was none. */
    FAILURE(Kind.TEXT, false),
    /** Of the provider's answer; absent when none came. */
    STATUS(Kind.NUMBER, false),
    /** Where the token figures come from: {@code reported}, {@code counted}, {@code estimated} or {@code none}. */
    TOKEN_SOURCE(Kind.TEXT, true),
    /** Input that was neither read from a cache nor written to one. */
    INPUT_TOKENS(Kind.NUMBER, false),
    /** Input read from a cache. */
    CACHED_INPUT_TOKENS(Kind.NUMBER, false),
    /** Input written to a cache that lives for five minutes. */
    CACHE_WRITE_TOKENS(Kind.NUMBER, false),
    /** Input written to a cache that lives for an hour. */
    CACHE_WRITE_1H_TOKENS(Kind.NUMBER, false),
    /** All output. */
    OUTPUT_TOKENS(Kind.NUMBER, false),
    /** The part of the output that was reasoning. */
    REASONING_TOKENS(Kind.NUMBER, false),
    /** The part of the uncached input that was audio. */
    AUDIO_INPUT_TOKENS(Kind.NUMBER, false),
    /** The part of the output that was audio. */
    AUDIO_OUTPUT_TOKENS(Kind.NUMBER, false),
    /** What the attempt has cost; absent when its model had no price, and never 0 for that reason. */
    COST_NANO_USD(Kind.NUMBER, false),
    /** What an attempt that was sent and never answered may have cost. */
    POSSIBLE_NANO_USD(Kind.NUMBER, false),
    /** Whether something was used that the price does not cover, so that the cost is that of the tokens at their usual price. */
    PARTIAL(Kind.FLAG, true),
    /** Which price the cost was computed by; {@code none} without one. */
    PRICE_VERSION(Kind.TEXT, true),
    /** How the order of candidates was found: {@code ordered}, {@code weighted}, {@code proven}, ... */
    DECISION(Kind.TEXT, false),
    /** What of the configuration chose the candidates. */
    RULE(Kind.TEXT, false),
    /** The least that the request could cost at the provider that was chosen, before it was asked. */
    LOW_NANO_USD(Kind.NUMBER, false),
    /** The most. */
    HIGH_NANO_USD(Kind.NUMBER, false),
    /** By how much another candidate can have been cheaper at most. */
    REGRET_NANO_USD(Kind.NUMBER, false),
    /** What the tokens of this attempt cost at the first candidate in the order of the configuration. */
    FIRST_CHOICE_NANO_USD(Kind.NUMBER, false),
    /** What they cost at the dearest candidate. */
    DEAREST_NANO_USD(Kind.NUMBER, false),
    /** The least number of input tokens that was known when the decision fell. */
    INPUT_LOW(Kind.NUMBER, false),
    /** The most. */
    INPUT_HIGH(Kind.NUMBER, false),
    /** Whether a tokenizer ran for the decision. */
    COUNTED(Kind.FLAG, true),
    /** From the start of the attempt to the head of its answer; absent when none came. */
    FIRST_BYTE_MS(Kind.NUMBER, false),
    /** From the start of the attempt to its end. */
    TOTAL_MS(Kind.NUMBER, false),
    /** From the start of the request to the start of the attempt. */
    STARTED_AFTER_MS(Kind.NUMBER, false),
    /** Bytes of the request's body. */
    REQUEST_BYTES(Kind.NUMBER, false),
    /** Bytes of the answer's body that went to the client; absent for attempts whose answer it did not get. */
    RESPONSE_BYTES(Kind.NUMBER, false),
    /** What the provider calls the request. */
    PROVIDER_REQUEST_ID(Kind.TEXT, false),
    /** What the client calls it. */
    CLIENT_REQUEST_ID(Kind.TEXT, false),
    /** The provider's usage object as it was sent. */
    USAGE(Kind.TEXT, false);

    /** How values are kept. */
    public enum Kind {
        /** A whole number of 64 bits. */
        NUMBER,
        /** 0 or 1. */
        FLAG,
        TEXT
    }

    /** All columns in their order. */
    public static final List<Column> ALL = List.of(values());

    private final Kind kind;
    private final boolean needed;
    private final String word = name().toLowerCase(Locale.ROOT);

    Column(Kind kind, boolean needed) {
        this.kind = kind;
        this.needed = needed;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether every row has it. */
    public boolean needed() {
        return needed;
    }

    /** Name of the column, in SQL, in JSON and in the head of a CSV file. */
    public String word() {
        return word;
    }

    /** The columns of the primary key. */
    static Stream<Column> key() {
        return Stream.of(STARTED_AT, REQUEST_ID, ATTEMPT);
    }
}
