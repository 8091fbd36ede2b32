package io.costoptimal.gateway.cost;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.bench.Chats;
import io.costoptimal.gateway.bench.Text;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.costoptimal.gateway.exchange.TokenSource;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requests as some kind of application sends them, and what candidates they may go to. The same ones every time. */
public enum Mix {
    /** People who chat: 300 bytes to 6 KB, answers of at most 500 to 1000 tokens. */
    CHAT(Text.PROSE, 300, 6000, 500, 1000, 300),
    /** Agents at work on code: 30 to 200 KB of it, answers of up to 4000 to 8000 tokens that are short for the most part. */
    AGENT(Text.CODE, 30_000, 200_000, 4000, 8000, 350),
    /** Questions about documents that were found: 8 to 40 KB, answers of at most 500 to 1500 tokens. */
    RAG(Text.PROSE, 8000, 40_000, 500, 1500, 250);

    private static final int REQUESTS = 48;
    private static final String O200K = "o200k_base";

    /** The same model in three places, one of which has a cache. */
    private static final CostChooser RESELLERS = new CostChooser(List.of(
            price("openai/gpt-4o", 2500, 1250, 10_000).window(128_000).build(),
            price("openai/gpt-4o", 2200, 2200, 8800).window(128_000).build(),
            price("openai/gpt-4o", 2750, 1375, 11_000).window(128_000).build()));

    /** Small models of different price, the first three with the dearer output for the cheaper input. */
    private static final CostChooser MODELS = new CostChooser(List.of(
            price("openai/gpt-5-mini", 250, 25, 2000).window(400_000).build(),
            price("openai/gpt-4.1-mini", 400, 100, 1600).window(1_047_576).build(),
            price("openai/gpt-4o-mini", 150, 75, 600).window(128_000).build(),
            price("openai/gpt-4.1-nano", 100, 25, 400).window(1_047_576).build()));

    /** A cheap one that holds little, and two whose order turns with the length of the input. */
    private static final CostChooser TURNING = new CostChooser(List.of(
            price("house/small", 50, 50, 200).window(16_384).build(),
            price("openai/gpt-5-mini", 250, 25, 2000).window(400_000).build(),
            price("openai/gpt-4.1-mini", 400, 100, 1600).window(1_047_576).build()));

    /** And the two alone. */
    private static final CostChooser CROSSING = new CostChooser(List.of(
            price("openai/gpt-5-mini", 250, 25, 2000).window(400_000).build(),
            price("openai/gpt-4.1-mini", 400, 100, 1600).window(1_047_576).build()));

    private static final List<CostChooser> LISTS = List.of(RESELLERS, MODELS, TURNING, CROSSING);

    private final Text text;
    private final int[] bytes;
    private final int[] maximum;
    private final int expected;

    Mix(Text text, int fewestBytes, int mostBytes, int leastMaximum, int mostMaximum, int expected) {
        this.text = text;
        this.bytes = new int[] {fewestBytes, mostBytes};
        this.maximum = new int[] {leastMaximum, mostMaximum};
        this.expected = expected;
    }

    /**
     * One request and its candidates.
     *
     * @param bounds what is known of its input before anything was counted
     */
    public record Request(CostChooser chooser, Demand demand, byte[] body, TokenSource bounds) {

        TokenSource counting(TokenCounting counting) {
            return counting.source(
                    StandardOperations.CHAT_COMPLETIONS, "gpt-4o", Unpooled.wrappedBuffer(body), () -> false);
        }
    }

    /** Lengths are spread evenly in their logarithm, and every list gets as many requests. */
    public List<Request> requests() {
        Random random = new Random(11);
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            double length = bytes[0] * Math.pow((double) bytes[1] / bytes[0], random.nextDouble());
            long most = maximum[0] + random.nextInt(maximum[1] - maximum[0]);
            Demand demand = new Demand(1, most, expected / 2 + random.nextInt(expected), true, null);
            byte[] body = Chats.request(text, (int) length, true);
            requests.add(new Request(LISTS.get(i % LISTS.size()), demand, body, TokenSource.bounds(0, body.length)));
        }
        return requests;
    }

    /** Prices in thousandths of a dollar for a million tokens. */
    private static ModelPriceBuilder price(String name, long input, long cached, long output) {
        return ModelPrice.builder()
                .model(name)
                .tokenizer(O200K)
                .maxOutput(16_384)
                .price(TokenClass.INPUT, input * 1_000_000)
                .price(TokenClass.CACHED_INPUT, cached * 1_000_000)
                .price(TokenClass.OUTPUT, output * 1_000_000);
    }
}
