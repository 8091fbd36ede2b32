package io.costoptimal.gateway;

import io.costoptimal.gateway.http.Packing;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Requests that try to reach a model their key is not for, and some that do not. The same seed makes the same requests.
 *
 * <p>Each way to name a model is combined with every other: the path (public, Azure's three forms), the body (once, several
 * times, in other cases, escaped, empty, {@code null}), the query, aliases, wildcards, lists of alternatives, codings.
 */
final class WaysAroundAKey {

    private static final String[] MODELS = {
        "small",
        "small",
        "small",
        "renamed",
        "renamed",
        "vendor",
        "team-1",
        "team-1",
        "nick",
        "big",
        "big",
        "sneaky",
        "team-alias",
        "BIG",
        "Small",
        "small ",
        "unlisted",
        "team-*",
        "*",
        "",
        "..",
        "team-/../big",
        "bi\u0261"
    };
    private static final String[] OPERATIONS = {
        "chat/completions",
        "chat/completions",
        "responses",
        "responses",
        "responses/input_tokens",
        "completions",
        "embeddings",
        "messages",
        "messages/count_tokens"
    };
    private static final String[] MEMBERS = {
        "model",
        "model",
        "model",
        "model",
        "Model",
        "MODEL",
        "mod\\u0065l",
        "\\u006dodel",
        "\\u004dodel",
        "model\\u0000",
        "models",
        "fallbacks",
        "preset",
        "model ",
        "mode\u217c",
        "stream",
        "n",
        "deployment",
        "model",
        "model",
        "temperature",
        "temperature",
        "tools",
        "user",
        "user"
    };
    private static final String[] QUERIES = {
        "", "", "", "", "", "", "", "", "?beta=true", "?api-version=2024-10-21", "?x=", "?model="
    };

    private static final Packing[] PACKINGS = Packing.values();

    private final SplittableRandom random;

    WaysAroundAKey(long seed) {
        random = new SplittableRandom(seed);
    }

    /** One request with the key of {@code credential}; its head has an {@code x-kind} that chooses the kind of provider. */
    byte[] next(String credential) {
        byte[] body = body().getBytes(StandardCharsets.UTF_8);
        String coding = "";
        if (random.nextInt(6) == 0) {
            Packing packing = PACKINGS[random.nextInt(PACKINGS.length)];
            body = packing.pack(body);
            coding = "Content-Encoding: " + packing.coding() + "\r\n";
        }
        String kind = pick("openai", "anthropic", "azure", "azure-v1");
        String head = "POST " + path() + query() + " HTTP/1.1\r\nHost: g\r\nx-kind: " + kind + "\r\n" + credential
                + coding + "Content-Type: application/json\r\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (random.nextInt(4) > 0) {
            out.writeBytes(latin1(head + "Content-Length: " + body.length + "\r\n\r\n"));
            out.writeBytes(body);
        } else {
            int cut = random.nextInt(body.length + 1);
            out.writeBytes(latin1(head + "Transfer-Encoding: chunked\r\n\r\n"));
            chunk(out, body, 0, cut);
            chunk(out, body, cut, body.length);
            out.writeBytes(latin1("0\r\n\r\n"));
        }
        return out.toByteArray();
    }

    private String path() {
        String operation = pick(OPERATIONS);
        String path = switch (random.nextInt(8)) {
            case 0 -> "/openai/v1/" + operation;
            case 1 -> "/openai/" + operation;
            case 2, 3 -> "/openai/deployments/" + segment(pick(MODELS)) + "/" + operation;
            default -> "/v1/" + operation;
        };
        return switch (random.nextInt(30)) {
            case 0 -> "http://elsewhere.example" + path;
            case 1 -> path.replaceFirst("/", "//");
            case 2 -> path.replaceFirst("/deployments/", "/deployments/big/../");
            case 3 -> path.replaceFirst("deployments", "Deployments");
            default -> path;
        };
    }

    private String segment(String name) {
        StringBuilder out = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > ' ' && b < 0x7f && "*/%".indexOf(b) < 0;
            out.append(plain && random.nextInt(6) > 0 ? (char) b : String.format("%%%02x", b & 0xff));
        }
        return out.toString();
    }

    private String query() {
        String query = pick(QUERIES);
        String name = query.startsWith("?model") && random.nextBoolean() ? "?m%6Fdel=" : query;
        return name.endsWith("=") ? name + URLEncoder.encode(pick(MODELS), StandardCharsets.UTF_8) : name;
    }

    private String body() {
        List<String> members = new ArrayList<>();
        members.add("\"messages\":[{\"role\":\"user\",\"content\":\"{\\\"model\\\":\\\"big\\\"}\"}]");
        for (int n = random.nextInt(3); n > 0; n--) {
            members.add(random.nextInt(members.size() + 1), member());
        }
        if (random.nextInt(30) == 0) {
            members.clear();
        }
        String space = pick("", "", " ", "\n\t");
        return space + "{" + space + String.join("," + space, members) + space + "}" + space;
    }

    private String member() {
        String name = pick(MEMBERS);
        return "\"" + name + "\"" + pick("", " ") + ":" + value();
    }

    private String value() {
        String model = "\"" + escaped(pick(MODELS)) + "\"";
        return switch (random.nextInt(12)) {
            case 0 -> "null";
            case 1 -> "[" + model + "]";
            case 2 -> "{\"model\":" + model + "}";
            case 3 -> pick("1", "true");
            default -> model;
        };
    }

    private String escaped(String name) {
        StringBuilder out = new StringBuilder();
        for (char c : name.toCharArray()) {
            String hex = String.format("\\u%04x", (int) c);
            out.append(
                    random.nextInt(8) > 0
                            ? c
                            : random.nextBoolean()
                                    ? hex
                                    : hex.toUpperCase(Locale.ROOT).replace('U', 'u'));
        }
        return out.toString();
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static void chunk(ByteArrayOutputStream out, byte[] body, int from, int to) {
        if (from < to) {
            out.writeBytes(latin1(Integer.toHexString(to - from) + "\r\n"));
            out.write(body, from, to - from);
            out.writeBytes(latin1("\r\n"));
        }
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
