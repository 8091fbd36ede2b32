package io.costoptimal.gateway.server.simulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;

/** Answers without a model's text: token counts, embeddings and model lists. */
final class FixedScripts {

    private FixedScripts() {}

    static Script inputTokens(Ask ask) {
        return json("{\"object\":\"response.input_tokens\",\"input_tokens\":"
                + ask.input().tokens() + "}");
    }

    static Script countTokens(Ask ask) {
        return json("{\"input_tokens\":" + ask.input().tokens() + "}");
    }

    static Script embeddings(Ask ask, String model, Bill bill) {
        Ask.Input input = ask.input();
        long read = bill.input().total();
        StringJoiner data = new StringJoiner(",", "[", "]");
        for (int item = 0; item < input.items(); item++) {
            String vector = input.base64() ? base64(item, input.dimensions()) : floats(item, input.dimensions());
            data.add("{\"object\":\"embedding\",\"index\":" + item + ",\"embedding\":" + vector + "}");
        }
        return json("{\"object\":\"list\",\"data\":" + data + ",\"model\":" + Json.quote(model)
                + (bill.told() ? ",\"usage\":{\"prompt_tokens\":" + read + ",\"total_tokens\":" + read + "}" : "")
                + "}");
    }

    static Script models(List<String> models, boolean anthropic) {
        StringJoiner data = new StringJoiner(",", "[", "]");
        models.forEach(model -> data.add(entry(model, anthropic)));
        if (!anthropic) {
            return json("{\"object\":\"list\",\"data\":" + data + "}");
        }
        String first = models.isEmpty() ? "null" : Json.quote(models.get(0));
        String last = models.isEmpty() ? "null" : Json.quote(models.get(models.size() - 1));
        return json("{\"data\":" + data + ",\"has_more\":false,\"first_id\":" + first + ",\"last_id\":" + last + "}");
    }

    static Script model(String model, boolean anthropic) {
        return json(entry(model, anthropic));
    }

    private static String entry(String model, boolean anthropic) {
        String id = Json.quote(model);
        return anthropic
                ? "{\"type\":\"model\",\"id\":" + id + ",\"display_name\":" + id
                        + ",\"created_at\":\"2026-01-01T00:00:00Z\",\"lifecycle\":\"active\",\"line\":null,\"capabilities\":null,"
                        + "\"max_input_tokens\":200000,\"max_tokens\":64000,\"deprecated_at\":null,\"retires_at\":null}"
                : "{\"id\":" + id + ",\"object\":\"model\",\"created\":1767225600,\"owned_by\":\"simulator\"}";
    }

    /** Multiples of an eighth, so that decimal and binary forms are the same number. */
    private static float component(int item, int at) {
        return ((item + at) % 17 - 8) / 8f;
    }

    private static String floats(int item, int dimensions) {
        StringJoiner vector = new StringJoiner(",", "[", "]");
        for (int at = 0; at < dimensions; at++) {
            vector.add(Float.toString(component(item, at)));
        }
        return vector.toString();
    }

    private static String base64(int item, int dimensions) {
        ByteBuffer vector = ByteBuffer.allocate(4 * dimensions).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < dimensions; at++) {
            vector.putFloat(component(item, at));
        }
        return "\"" + Base64.getEncoder().encodeToString(vector.array()) + "\"";
    }

    private static Script json(String body) {
        return Script.whole(body, "");
    }
}
