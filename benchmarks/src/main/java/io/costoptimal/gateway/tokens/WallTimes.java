package io.costoptimal.gateway.tokens;

import io.costoptimal.gateway.StandardOperations;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.IntFunction;

/** Prints how long a body of 33 MB without a word takes to be counted: the worst that a client can send. Run it with 2 GB. */
final class WallTimes {

    private static final int LENGTH = 33_000_000;

    private WallTimes() {}

    /** Takes no arguments. */
    public static void main(String[] args) {
        Random random = new Random(1);
        print("warm-up", 400_000, i -> i % 6 == 0 ? " " : "w");
        print("blanks", LENGTH, i -> " ");
        print("blanks, a tab every 20011", LENGTH, i -> i % 20_011 == 0 ? "\\t" : " ");
        print("random letters", LENGTH, i -> String.valueOf((char) ('a' + random.nextInt(26))));
    }

    private static void print(String what, int length, IntFunction<String> text) {
        StringBuilder body = new StringBuilder(length + 100).append("{\"messages\":[{\"role\":\"user\",\"content\":\"");
        for (int i = 0; i < length; i++) {
            body.append(text.apply(i));
        }
        byte[] bytes = body.append("\"}]}").toString().getBytes(StandardCharsets.US_ASCII);
        long start = System.nanoTime();
        long tokens = TokenCounter.count(StandardOperations.CHAT_COMPLETIONS, "gpt-4o", bytes);
        System.out.printf("%s: %d tokens, %.1f s%n", what, tokens, (System.nanoTime() - start) / 1e9);
    }
}
