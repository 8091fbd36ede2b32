package io.costoptimal.gateway.server.simulator.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Responses, kept unless {@code store: false} says otherwise. One in the background is over when somebody looks at it. */
final class StoredResponses implements Family {

    static final String PATH = "responses";
    private static final String FINISHED = "responses/finished";
    private static final String WHAT = "response";

    @Override
    public void addTo(Rows rows) {
        // What makes one is not here: it is a model's answer, kept as it goes out.
        rows.on("POST", "responses/compact", StoredResponses::compact);
        rows.on("GET", "responses/{id}", StoredResponses::get);
        rows.on("DELETE", "responses/{id}", call -> {
            call.account().shelf(PATH).remove(WHAT, call.at("id"));
            return Given.json(Shape.of("id", call.at("id"), "object", "response", "deleted", true));
        });
        rows.on("POST", "responses/{id}/cancel", StoredResponses::cancel);
        rows.on("GET", "responses/{id}/input_items", call -> {
            call.account().shelf(PATH).get(WHAT, call.at("id"));
            return Page.of(call, call.account().shelf(items(call.at("id"))));
        });
    }

    /** Refuses what refers to a response, a conversation or a file that this account does not have. */
    static void check(Account account, Map<String, Object> request) {
        if (request.get("previous_response_id") instanceof String previous
                && !account.shelf(PATH).has(previous)) {
            throw new Refusal(400, "Previous response with id '" + previous + "' not found.");
        }
        Object conversation = request.get("conversation");
        if (conversation != null) {
            Object id = conversation instanceof Map<?, ?> named ? named.get("id") : conversation;
            account.shelf("conversations").get("Conversation", String.valueOf(id));
        }
    }

    /**
     * Keeps {@code response}, which answers {@code request}.
     *
     * @param running whether it is still at work as far as its client knows; such a one is over at the first look
     */
    static void keep(Account account, Map<String, Object> response, Map<String, Object> request, boolean running) {
        String id = (String) response.get("id");
        Map<String, Object> shown = response;
        if (running) {
            account.shelf(FINISHED).put(response);
            shown = queued(response);
        }
        account.shelf(PATH).put(shown);
        Shelf items = account.shelf(items(id));
        Object input = request.get("input");
        List<?> given = input instanceof List<?> list ? list : List.of(Shape.of("role", "user", "content", input));
        given.forEach(item -> items.put(item(item)));
    }

    /** The same response before it has begun. */
    static Map<String, Object> queued(Map<String, Object> response) {
        Map<String, Object> queued = Shape.of();
        queued.putAll(response);
        queued.putAll(Shape.of("status", "queued", "background", true, "output", List.of(), "usage", null));
        return queued;
    }

    /** {@code item} as a list of items has it: with an id, and its text in parts. */
    static Map<String, Object> item(Object item) {
        Map<String, Object> made = Shape.of("type", "message", "id", Shape.id("msg_"), "status", "completed");
        ((Map<?, ?>) item).forEach((name, value) -> made.put((String) name, value));
        if (made.get("content") instanceof String text) {
            boolean model = "assistant".equals(made.get("role"));
            Map<String, Object> part = Shape.of("type", model ? "output_text" : "input_text", "text", text);
            if (model) {
                part.putAll(Shape.of("annotations", List.of(), "logprobs", List.of()));
            }
            made.put("content", List.of(part));
        }
        return made;
    }

    private static Given get(Call call) {
        String id = call.at("id");
        Shelf finished = call.account().shelf(FINISHED);
        if (finished.has(id)) {
            call.account().shelf(PATH).put(finished.remove(WHAT, id));
        }
        Map<String, Object> response = call.account().shelf(PATH).get(WHAT, id);
        if (!"true".equals(call.query().get("stream"))) {
            return Given.json(response);
        }
        return Given.events(List.of(
                Shape.of("type", "response.created", "response", queued(response), "sequence_number", 0),
                Shape.of("type", "response.completed", "response", response, "sequence_number", 1)));
    }

    private static Given cancel(Call call) {
        Map<String, Object> response = call.account().shelf(PATH).get(WHAT, call.at("id"));
        if (!Boolean.TRUE.equals(response.get("background"))) {
            throw new Refusal(400, "Cannot cancel a synchronous response.");
        }
        Shelf finished = call.account().shelf(FINISHED);
        if (finished.has(call.at("id"))) {
            finished.remove(WHAT, call.at("id"));
            response.put("status", "cancelled");
        }
        return Given.json(response);
    }

    private static Given compact(Call call) {
        Map<String, Object> body = call.json();
        check(call.account(), body);
        List<Object> output = new ArrayList<>();
        output.add(Shape.of("type", "compaction", "id", Shape.id("cmp_"), "encrypted_content", "c2ltdWxhdGVk"));
        return Given.json(Shape.of(
                "id",
                Shape.id("resp_"),
                "object",
                "response.compaction",
                "created_at",
                Shape.CREATED,
                "output",
                output,
                "usage",
                usage(11, 3)));
    }

    /** What the answer says it is billed for. */
    static Map<String, Object> usage(int input, int output) {
        return Shape.of(
                "input_tokens",
                input,
                "input_tokens_details",
                Shape.of("cached_tokens", 0, "cache_write_tokens", 0),
                "output_tokens",
                output,
                "output_tokens_details",
                Shape.of("reasoning_tokens", 0),
                "total_tokens",
                input + output);
    }

    private static String items(String id) {
        return "responses/" + id + "/input_items";
    }
}
