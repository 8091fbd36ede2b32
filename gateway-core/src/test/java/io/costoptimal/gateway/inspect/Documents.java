package io.costoptimal.gateway.inspect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Makes small documents that look like requests, and breaks half of them. The same seed makes the same documents. */
final class Documents {

    private static final String[] NAMES = {
        "model",
        "model",
        "model",
        "model",
        "model",
        "model",
        "mod\\u0065l",
        "m\\u006Fdel",
        "stream",
        "stre\\u0061m",
        "max_tokens",
        "max_completion_tokens",
        "max_output_tokens",
        "n",
        "stream_options",
        "messages",
        "a",
        "",
        "Model",
        "model ",
        "\\ud83d",
        "é",
        "models",
        "model",
        "b",
        "c",
        "mode\\u006C\\u0000",
        "\u017ftream",
        "best_of",
        "prompt",
        "conversation",
        "tools",
        "input",
        "metadata",
        "type",
        "t\\u0079pe",
        "url",
        "image_url",
        "audio",
        "file_id",
        "data",
        "id",
        "store",
        "background",
        "FILE_ID",
        "Type",
        "INPUT",
        "conver\u017fation",
        "file_\\u0049d\\u0000"
    };
    private static final String[] TYPES = {"text", "function", "input_text", "image", "t\\u0065xt", "web_search"};
    private static final String[] OPTION_NAMES = {"include_usage", "include_\\u0075sage", "model", "x"};
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "1",
        "17",
        "4096",
        "-3",
        "1.5",
        "0.0",
        "1e3",
        "1E-2",
        "2e+9",
        "123456789012345678901",
        "10",
        "4000.0",
        "4.25E2",
        "170e-1",
        "0.000",
        "1e40",
        "1.00000000000000000000000000"
    };
    private static final String[] PIECES = {
        "gpt",
        "-4o",
        "hello, world: long enough for a word",
        "\\n",
        "\\\"model\\\":\\\"evil\\\"",
        "\\\\",
        "\\/",
        "\\u00e9",
        "\\uD83D\\uDE00",
        "\\ud83d",
        "\\udE00",
        "\\u0000",
        "\\u007f",
        "é",
        "日本",
        "😀",
        "{",
        "}]",
        ":",
        " ",
        "\u007f"
    };
    /** Bytes that matter to JSON or to UTF-8, and characters that no UTF-8 may hold. */
    private static final byte[][] BREAKERS = Stream.of(
                    ("00 09 0a 1f 20 22 2b 2c 2d 2e 30 39 3a 45 5b 5c 5d 65 6e 74 75 7b 7d 7f"
                                    + " 80 a0 bf c0 c1 c3 e0 ed ef f0 f4 f5 ff"
                                    + " c1a5 e09fbf eda080 edbfbf f08fbfbf f4908080 ed9fbf efbfbf f48fbfbf")
                            .split(" "))
            .map(HexFormat.of()::parseHex)
            .toArray(byte[][]::new);

    private static final String[] TAILS = {"x", "{}", ",", "\n\n", "]", "}", "\u0000", " null", "//"};

    private final RandomGenerator random;
    private final StringBuilder out = new StringBuilder();

    Documents(RandomGenerator random) {
        this.random = random;
    }

    /** For messages: what is not printable ASCII as hexadecimal. */
    static String show(byte[] document) {
        StringBuilder shown = new StringBuilder();
        for (byte b : document) {
            shown.append(b >= 0x20 && b < 0x7F ? String.valueOf((char) b) : String.format("<%02x>", b));
        }
        return shown.toString();
    }

    byte[] next() {
        out.setLength(0);
        object(NAMES, 0);
        space();
        if (random.nextInt(20) == 0) {
            out.append(pick(TAILS));
        }
        byte[] document = out.toString().getBytes(StandardCharsets.UTF_8);
        for (int broken = random.nextInt(6) - 3; broken > 0; broken--) {
            document = mutate(document);
        }
        return document;
    }

    private void object(String[] names, int depth) {
        space();
        out.append('{');
        int members = random.nextInt(4);
        for (int i = 0; i < members; i++) {
            out.append(i == 0 ? "" : ",");
            space();
            String name = pick(names);
            out.append('"').append(name).append('"');
            space();
            out.append(':');
            member(name, depth + 1);
        }
        space();
        out.append('}');
    }

    private void member(String name, int depth) {
        if (name.startsWith("m") && name.endsWith("l") && random.nextInt(8) > 0) {
            space();
            string(1);
        } else if (name.equals("stream_options") && random.nextInt(4) > 0) {
            object(OPTION_NAMES, depth);
        } else if (name.equals("type") && random.nextInt(4) > 0) {
            space();
            out.append('"').append(pick(TYPES)).append('"');
        } else if (name.equals("url") && random.nextInt(4) == 0) {
            out.append('"').append("encoded+".repeat(30 + random.nextInt(4))).append('"');
        } else {
            value(depth);
        }
        space();
    }

    private void value(int depth) {
        space();
        switch (random.nextInt(depth > 4 ? 6 : 8)) {
            case 0, 1 -> out.append(pick(NUMBERS));
            case 2 -> out.append("true");
            case 3 -> out.append(random.nextBoolean() ? "false" : "null");
            case 4, 5 -> string(random.nextInt(4));
            case 6 -> object(NAMES, depth);
            default -> array(depth);
        }
    }

    private void array(int depth) {
        out.append('[');
        int elements = random.nextInt(3);
        for (int i = 0; i < elements; i++) {
            out.append(i == 0 ? "" : ",");
            value(depth + 1);
            space();
        }
        out.append(']');
    }

    private void string(int pieces) {
        out.append('"');
        for (int i = 0; i < pieces; i++) {
            out.append(random.nextInt(3) == 0 ? pick(PIECES) : PIECES[random.nextInt(3)]);
        }
        out.append('"');
    }

    private void space() {
        if (random.nextInt(6) == 0) {
            out.append(" \t\r\n".charAt(random.nextInt(4)));
        }
    }

    private byte[] mutate(byte[] document) {
        int at = random.nextInt(document.length + 1);
        int end = at + random.nextInt(document.length - at + 1);
        byte[] breaker = BREAKERS[random.nextInt(BREAKERS.length)];
        return switch (random.nextInt(5)) {
            case 0 -> join(document, at, breaker, Math.min(at + 1, document.length));
            case 1 -> join(document, at, breaker, at);
            case 2 -> join(document, at, new byte[0], Math.min(at + 1, document.length));
            case 3 -> join(document, end, Arrays.copyOfRange(document, at, end), end);
            default -> Arrays.copyOf(document, at);
        };
    }

    /** The bytes before {@code until}, {@code between}, and the bytes from {@code on}. */
    private static byte[] join(byte[] document, int until, byte[] between, int on) {
        byte[] joined = Arrays.copyOf(document, until + between.length + document.length - on);
        System.arraycopy(between, 0, joined, until, between.length);
        System.arraycopy(document, on, joined, until + between.length, document.length - on);
        return joined;
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
