package io.costoptimal.gateway.server.ledger;

import io.costoptimal.gateway.exchange.RequestId;
import java.time.Instant;
import java.util.Random;

/** Rows as traffic of one key or another makes them, the same for each run. */
public final class TestRows {

    private static final String[] KEYS = {"team-a", "team-b", "team-c"};
    private static final String[] MODELS = {"gpt-*", "claude-*", Row.OTHER};
    private static final String[] PROVIDERS = {"openai", "anthropic"};

    private final Random random = new Random(7);

    /** The instant {@code text} in milliseconds since 1970. */
    public static long at(String text) {
        return Instant.parse(text).toEpochMilli();
    }

    /** A row of the only attempt of a request that started then. */
    public Row at(long startedMillis) {
        return attempt(startedMillis, RequestId.next(startedMillis).toString(), 1);
    }

    /** A row of one attempt of a request. */
    public Row attempt(long startedMillis, String requestId, int attempt) {
        AttemptOutcome outcome = random.nextInt(10) == 0 ? AttemptOutcome.FAILED : AttemptOutcome.COMPLETED;
        boolean failed = outcome == AttemptOutcome.FAILED;
        long cost = random.nextInt(5_000_000);
        return new Row()
                .set(Column.STARTED_AT, startedMillis)
                .set(Column.REQUEST_ID, requestId)
                .set(Column.ATTEMPT, attempt)
                .share(Column.KEY, KEYS[random.nextInt(KEYS.length)])
                .share(Column.MODEL, MODELS[random.nextInt(MODELS.length)])
                .set(Column.MODEL_ASKED, "gpt-4o")
                .set(Column.MODEL_SENT, "gpt-4o-2024-11-20")
                .share(Column.PROVIDER, PROVIDERS[random.nextInt(PROVIDERS.length)])
                .share(Column.OPERATION, "/v1/chat/completions")
                .set(Column.STREAM, random.nextBoolean())
                .share(Column.OUTCOME, outcome.word())
                .share(Column.FAILURE, failed ? "status" : null)
                .set(Column.STATUS, failed ? 500 : 200)
                .share(Column.TOKEN_SOURCE, failed ? "none" : "reported")
                .set(Column.INPUT_TOKENS, random.nextInt(5_000))
                .set(Column.CACHED_INPUT_TOKENS, random.nextInt(5_000))
                .set(Column.OUTPUT_TOKENS, random.nextInt(1_000))
                .set(Column.COST_NANO_USD, random.nextInt(20) == 0 ? Row.ABSENT : cost)
                .set(Column.PARTIAL, false)
                .share(Column.PRICE_VERSION, "builtin")
                .share(Column.DECISION, "proven")
                .share(Column.RULE, "providers")
                .set(Column.FIRST_CHOICE_NANO_USD, cost + random.nextInt(1_000))
                .set(Column.DEAREST_NANO_USD, cost + 5_000)
                .set(Column.COUNTED, false)
                .set(Column.FIRST_BYTE_MS, random.nextInt(900))
                .set(Column.TOTAL_MS, 900 + random.nextInt(60_000))
                .set(Column.STARTED_AFTER_MS, 0)
                .set(Column.REQUEST_BYTES, random.nextInt(100_000))
                .set(Column.RESPONSE_BYTES, random.nextInt(100_000))
                .set(Column.USAGE, "{\"prompt_tokens\":1}");
    }
}
