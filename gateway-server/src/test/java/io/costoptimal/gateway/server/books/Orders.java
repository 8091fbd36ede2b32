package io.costoptimal.gateway.server.books;

import io.costoptimal.gateway.server.books.Order.Api;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import tools.jackson.core.io.JsonStringEncoder;

/** Random requests, the same for the same seed. Used by one thread. */
final class Orders {

    private static final String[] WORDS = {
        "the",
        "price",
        " of",
        "ünder",
        "naïve",
        "42",
        "1234567",
        "\n",
        "    ",
        "\t",
        "\"quoted\"",
        "back\\slash",
        "日本語",
        "🙂",
        "don't",
        "CamelCase",
        "http://example.com/a?b=c",
        "<|endoftext|>",
        "{\"json\": [1, 2]}",
        "é",
        "!!!",
        "token",
        "izer",
        "."
    };

    private final Random random;

    private Orders(long seed) {
        random = new Random(seed);
    }

    static List<Order> of(long seed, int count) {
        Orders orders = new Orders(seed);
        return IntStream.range(0, count).mapToObj(orders::order).toList();
    }

    private Order order(int number) {
        int kind = random.nextInt(100);
        String id = "order-" + number;
        if (kind < 2) {
            return new Order(id, Shop.QUIET, question(Api.CHAT, Shop.QUIET), new Order.Wish(Map.of(), 0, 0, 0));
        }
        if (kind < 4) {
            return order(id, Shop.SLOW, Api.CHAT);
        }
        if (kind < 10) {
            return order(id, Shop.EMBEDDINGS, Api.EMBEDDINGS);
        }
        if (kind < 38) {
            return order(id, one(Shop.MESSAGES), Api.MESSAGES);
        }
        return order(id, one(Shop.CHATS), kind < 72 ? Api.CHAT : kind < 90 ? Api.RESPONSES : Api.COMPLETIONS);
    }

    private Order order(String id, Entry entry, Api api) {
        Order.Question question = question(api, entry);
        return new Order(id, entry, question, wish(question));
    }

    private Order.Question question(Api api, Entry entry) {
        boolean stream = api != Api.EMBEDDINGS && random.nextInt(100) < 60;
        boolean aliased = entry.model().equals("gpt-4o-mini") && random.nextBoolean();
        String model = aliased ? Shop.ALIAS : entry.model();
        List<String> texts = new ArrayList<>();
        StringBuilder body = new StringBuilder("{\"model\":" + quote(model));
        long overhead = 0;
        switch (api) {
            case CHAT, MESSAGES -> overhead = messages(api, body, texts);
            case RESPONSES -> overhead = responses(body, texts);
            case COMPLETIONS -> body.append(",\"prompt\":").append(quote(text(texts)));
            case EMBEDDINGS ->
                body.append(",\"input\":[")
                        .append(quote(text(texts)))
                        .append(',')
                        .append(quote(text(texts)))
                        .append(']');
        }
        body.append(stream ? ",\"stream\":true" : random.nextBoolean() ? ",\"stream\":false" : "");
        if (stream && (api == Api.CHAT || api == Api.COMPLETIONS) && random.nextInt(3) == 0) {
            body.append(",\"stream_options\":{\"include_usage\":")
                    .append(random.nextInt(4) > 0)
                    .append('}');
        }
        long most = most(api, body);
        body.append('}');
        return new Order.Question(api, model, stream, body.toString(), new Order.Input(texts, overhead), most);
    }

    private long messages(Api api, StringBuilder body, List<String> texts) {
        if (api == Api.MESSAGES && random.nextBoolean()) {
            body.append(",\"system\":").append(quote(text(texts)));
        }
        int count = 1 + random.nextInt(4);
        body.append(",\"messages\":[");
        for (int i = 0; i < count; i++) {
            String role = i % 2 == 0 ? "user" : "assistant";
            texts.add(role);
            String content = quote(text(texts));
            body.append(i > 0 ? ", " : "").append("{\"role\":\"").append(role).append("\",\"content\":");
            body.append(random.nextInt(3) > 0 ? content : "[{\"type\":\"text\",\"text\":" + content + "}]")
                    .append('}');
        }
        body.append(']');
        return 3L * count + 3;
    }

    private long responses(StringBuilder body, List<String> texts) {
        long overhead = 3 + 4;
        if (random.nextBoolean()) {
            body.append(",\"instructions\":").append(quote(text(texts)));
            overhead += 4;
        }
        body.append(",\"input\":").append(quote(text(texts)));
        return overhead;
    }

    private long most(Api api, StringBuilder body) {
        if (api == Api.EMBEDDINGS) {
            return 0;
        }
        if (api != Api.MESSAGES && random.nextInt(3) == 0) {
            return -1;
        }
        int most = 1 + random.nextInt(3000);
        body.append(",\"")
                .append(api == Api.RESPONSES ? "max_output_tokens" : "max_tokens")
                .append("\":")
                .append(most);
        if (api != Api.CHAT || random.nextInt(5) > 0) {
            return most;
        }
        int answers = 1 + random.nextInt(3);
        body.append(",\"n\":").append(answers);
        return (long) most * answers;
    }

    private String text(List<String> texts) {
        int words = random.nextInt(50) == 0 ? 2000 + random.nextInt(4000) : 1 + random.nextInt(60);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(4) > 0 ? " " : "");
        }
        texts.add(text.toString());
        return text.toString();
    }

    private Order.Wish wish(Order.Question question) {
        Map<String, String> headers = new LinkedHashMap<>();
        int pieces = 1 + random.nextInt(30);
        int pieceBytes = 1 + random.nextInt(30);
        headers.put("x-sim-events", "" + pieces);
        headers.put("x-sim-event-bytes", "" + pieceBytes);
        if (random.nextInt(3) == 0) {
            headers.put("x-sim-chunk", "" + (1 + random.nextInt(50)));
        }
        if (random.nextInt(4) == 0) {
            headers.put(
                    "accept-encoding",
                    List.of("gzip", "deflate", "zstd", "gzip, zstd;q=0.5").get(random.nextInt(4)));
        }
        if (random.nextInt(6) == 0) {
            headers.put("x-sim-usage", "none");
        }
        bill(question.api(), headers);
        int leaveAfter = -1;
        int end = random.nextInt(100);
        if (end < 14 && question.api() != Api.EMBEDDINGS) {
            headers.put("x-sim-fault", fault(question.stream(), pieces));
        } else if (end < 22 && question.stream()) {
            headers.put("x-sim-interval", "2ms");
            leaveAfter = 1 + random.nextInt(3000);
        }
        return new Order.Wish(headers, pieces, pieceBytes, leaveAfter);
    }

    private String fault(boolean stream, int pieces) {
        String at = "@" + random.nextInt(pieces + 1);
        int kind = random.nextInt(20);
        if (!stream) {
            return kind < 8 ? "reset@1" : kind < 15 ? "close@1" : kind < 17 ? "stall@1" : "503";
        }
        return (kind < 6 ? "reset" : kind < 11 ? "close" : kind < 13 ? "stall" : kind < 16 ? "malformed" : "error")
                + at;
    }

    /** What the provider bills. */
    private void bill(Api api, Map<String, String> headers) {
        if (random.nextInt(5) == 0) {
            return;
        }
        int[] edges = {40, 41, 1000, 1001, 200_000, 200_001, 1_000_000};
        int input = random.nextInt(3) == 0 ? edges[random.nextInt(edges.length)] : random.nextInt(300_000);
        headers.put("x-sim-input-tokens", "" + input);
        headers.put("x-sim-output-tokens", "" + random.nextInt(5000));
        if (api == Api.EMBEDDINGS) {
            return;
        }
        int left = input;
        for (String part : List.of("cached-tokens", "written-tokens", "written-1h-tokens")) {
            if (random.nextInt(3) == 0 && (api == Api.MESSAGES || !part.equals("written-1h-tokens"))) {
                int tokens = random.nextInt(left + 1);
                left -= tokens;
                headers.put("x-sim-" + part, "" + tokens);
            }
        }
        if (api != Api.MESSAGES && random.nextInt(3) == 0) {
            int reasoning = random.nextInt(Integer.parseInt(headers.get("x-sim-output-tokens")) + 1);
            headers.put("x-sim-reasoning-tokens", "" + reasoning);
        }
    }

    private Entry one(List<Entry> entries) {
        return entries.get(random.nextInt(entries.size()));
    }

    private static String quote(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }
}
