package io.costoptimal.gateway.load;

import io.costoptimal.gateway.exchange.RequestId;
import io.costoptimal.gateway.server.ledger.AttemptOutcome;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Row;
import java.util.Random;

/**
 * Rows as a company's gateway has them: {@value #KEYS} keys, each with three of {@value #MODELS} models, each model at two
 * providers, now and then a failure. The same figures in every run. Confined to one thread.
 */
final class ManyRows {

    static final int KEYS = 20;
    private static final int MODELS = 10;

    private final Random random = new Random(11);
    private final String[] keys = names("team-", KEYS);
    private final String[] models = names("model-", MODELS);
    private final String[] providers = names("provider-", 4);

    private static String[] names(String before, int count) {
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = before + i;
        }
        return names;
    }

    /** A row of the only attempt of a request that started then, in milliseconds since 1970. */
    Row next(long startedMillis) {
        int key = random.nextInt(KEYS);
        int model = (key + random.nextInt(3)) % MODELS;
        int provider = (model + (random.nextInt(5) == 0 ? 1 : 0)) % providers.length;
        AttemptOutcome outcome = outcome();
        boolean completed = outcome == AttemptOutcome.COMPLETED;
        int input = 50 + random.nextInt(8_000);
        int cached = random.nextInt(20_000);
        int output = 1 + random.nextInt(1_200);
        long cost = input * 2_500L + cached * 1_250L + output * 10_000L;
        int firstByte = 150 + (int) Math.abs(300 * random.nextGaussian());
        return new Row()
                .set(Column.STARTED_AT, startedMillis)
                .set(Column.REQUEST_ID, RequestId.next(startedMillis).toString())
                .set(Column.ATTEMPT, 1)
                .share(Column.KEY, keys[key])
                .share(Column.MODEL, models[model])
                .share(Column.MODEL_ASKED, models[model])
                .share(Column.MODEL_SENT, models[model])
                .share(Column.PROVIDER, providers[provider])
                .share(Column.OPERATION, "/v1/chat/completions")
                .set(Column.STREAM, random.nextBoolean())
                .share(Column.OUTCOME, outcome.word())
                .share(Column.FAILURE, outcome == AttemptOutcome.FAILED ? "status" : null)
                .set(Column.STATUS, outcome == AttemptOutcome.FAILED ? 500 : 200)
                .share(Column.TOKEN_SOURCE, completed ? "reported" : "counted")
                .set(Column.INPUT_TOKENS, input)
                .set(Column.CACHED_INPUT_TOKENS, cached)
                .set(Column.OUTPUT_TOKENS, output)
                .set(Column.COST_NANO_USD, cost)
                .set(Column.PARTIAL, false)
                .share(Column.PRICE_VERSION, "prices-1")
                .share(Column.DECISION, "proven")
                .share(Column.RULE, "providers")
                .set(Column.LOW_NANO_USD, input * 2_500L)
                .set(Column.HIGH_NANO_USD, cost * 2)
                .set(Column.REGRET_NANO_USD, 0)
                .set(Column.FIRST_CHOICE_NANO_USD, cost + cost / 5)
                .set(Column.DEAREST_NANO_USD, cost + cost / 3)
                .set(Column.INPUT_LOW, input / 2)
                .set(Column.INPUT_HIGH, input * 4L)
                .set(Column.COUNTED, false)
                .set(Column.FIRST_BYTE_MS, firstByte)
                .set(Column.TOTAL_MS, firstByte + output * 10L)
                .set(Column.STARTED_AFTER_MS, 0)
                .set(Column.REQUEST_BYTES, input * 4L)
                .set(Column.RESPONSE_BYTES, output * 150L)
                .set(Column.PROVIDER_REQUEST_ID, "req_" + Long.toHexString(random.nextLong()))
                .set(
                        Column.USAGE,
                        "{\"prompt_tokens\":" + (input + cached) + ",\"completion_tokens\":" + output
                                + ",\"prompt_tokens_details\":{\"cached_tokens\":" + cached + "}}");
    }

    private AttemptOutcome outcome() {
        int of100 = random.nextInt(100);
        if (of100 < 94) {
            return AttemptOutcome.COMPLETED;
        }
        return of100 < 97 ? AttemptOutcome.FAILED : of100 < 99 ? AttemptOutcome.CANCELLED : AttemptOutcome.CUT;
    }
}
