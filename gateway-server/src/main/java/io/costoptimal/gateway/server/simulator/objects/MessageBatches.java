package io.costoptimal.gateway.server.simulator.objects;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Anthropic's batches. One is worked off when somebody looks at it for the first time. */
final class MessageBatches implements Family {

    private static final String PATH = "messages/batches";
    private static final Kind BATCHES = new Kind(PATH, "message batch", "message_batch_deleted");

    @Override
    public void addTo(Rows rows) {
        BATCHES.made(rows, MessageBatches::create);
        rows.on("GET", PATH, call -> Page.ofAnthropic(call, call.shelf(2)));
        rows.on("GET", PATH + "/{id}", call -> {
            Map<String, Object> batch = BATCHES.get(call);
            if (batch.get("processing_status").equals("in_progress")) {
                end(batch, call.account().shelf(requests(call)).all().size(), 0);
            }
            return Given.json(batch);
        });
        rows.on("GET", PATH + "/{id}/results", MessageBatches::results);
        rows.on("POST", PATH + "/{id}/cancel", call -> {
            Map<String, Object> batch = BATCHES.get(call);
            batch.put("cancel_initiated_at", Shape.CREATED_AT);
            batch.put("processing_status", "canceling");
            return Given.json(batch);
        });
        rows.on("DELETE", PATH + "/{id}", call -> {
            BATCHES.parent(call).remove("message batch", call.at("id"));
            return Given.json(Shape.of("id", call.at("id"), "type", "message_batch_deleted"));
        });
    }

    private static Map<String, Object> create(Call call) {
        List<?> requests = (List<?>) call.json().get("requests");
        Map<String, Object> made = Shape.of(
                "id",
                Shape.id("msgbatch_"),
                "type",
                "message_batch",
                "processing_status",
                "in_progress",
                "request_counts",
                counts(requests.size(), 0, 0),
                "created_at",
                Shape.CREATED_AT,
                "expires_at",
                "2026-01-02T00:00:00Z",
                "ended_at",
                null,
                "archived_at",
                null,
                "cancel_initiated_at",
                null,
                "results_url",
                null);
        Shelf shelf = call.account().shelf(PATH + "/" + made.get("id") + "/requests");
        requests.forEach(request -> shelf.put(
                Shape.of("id", ((Map<?, ?>) request).get("custom_id"), "params", ((Map<?, ?>) request).get("params"))));
        return made;
    }

    /** Says that the batch is over, and where its results are: an absolute URL, as the real one has it. */
    private static void end(Map<String, Object> batch, int succeeded, int canceled) {
        batch.put("processing_status", "ended");
        batch.put("ended_at", Shape.CREATED_AT);
        batch.put("request_counts", counts(0, succeeded, canceled));
        batch.put("results_url", "https://api.anthropic.com/v1/messages/batches/" + batch.get("id") + "/results");
    }

    private static Map<String, Object> counts(int processing, int succeeded, int canceled) {
        return Shape.of(
                "processing", processing, "succeeded", succeeded, "errored", 0, "canceled", canceled, "expired", 0);
    }

    private static Given results(Call call) {
        BATCHES.get(call);
        StringBuilder lines = new StringBuilder();
        for (Map<String, Object> request : call.account().shelf(requests(call)).all()) {
            Map<String, Object> result = Shape.of("type", "succeeded", "message", message(request));
            lines.append(Shape.write(Shape.of("custom_id", request.get("id"), "result", result)))
                    .append('\n');
        }
        return new Given.Body("application/x-jsonl", lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> message(Map<String, Object> request) {
        return Shape.of(
                "id",
                Shape.id("msg_"),
                "type",
                "message",
                "role",
                "assistant",
                "model",
                ((Map<?, ?>) request.get("params")).get("model"),
                "content",
                List.of(Shape.of("type", "text", "text", "This is a simulated answer.", "citations", null)),
                "stop_reason",
                "end_turn",
                "stop_sequence",
                null,
                "stop_details",
                null,
                "container",
                null,
                "usage",
                Shape.of("input_tokens", 7, "output_tokens", 5));
    }

    private static String requests(Call call) {
        return PATH + "/" + call.at("id") + "/requests";
    }
}
