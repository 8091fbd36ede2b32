package io.costoptimal.gateway.account;

import java.util.Random;

/** Random JSON, full of names that mean something, also where they mean nothing. */
final class RandomJson {

    private static final String[] STRINGS = {
        "content",
        "refusal",
        "arguments",
        "reasoning",
        "reasoning_content",
        "Xcontent",
        "content_",
        "t",
        "",
        "\\\"content\\\":\\\"",
        "\\\"content\\\":",
        "\\\\",
        "\\u00e9\\ud83d\\ude00",
        "modèle",
        ":",
        ",{",
        "data: "
    };

    private RandomJson() {}

    static void object(Random random, StringBuilder out, int depth) {
        out.append('{').append(space(random));
        int members = random.nextInt(5);
        for (int i = 0; i < members; i++) {
            out.append(i == 0 ? "" : ",").append(space(random));
            string(random, out);
            out.append(':').append(space(random));
            value(random, out, depth);
        }
        out.append('}');
    }

    private static String space(Random random) {
        return random.nextInt(8) == 0 ? " " : "";
    }

    private static void string(Random random, StringBuilder out) {
        out.append('"').append(STRINGS[random.nextInt(STRINGS.length)]).append('"');
    }

    private static void value(Random random, StringBuilder out, int depth) {
        switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> out.append("null");
            case 1 -> out.append(random.nextInt(100));
            case 2, 3 -> string(random, out);
            case 4 -> object(random, out, depth - 1);
            default -> {
                out.append('[');
                int elements = random.nextInt(3);
                for (int i = 0; i < elements; i++) {
                    out.append(i == 0 ? "" : ",");
                    value(random, out, depth - 1);
                }
                out.append(']');
            }
        }
    }
}
