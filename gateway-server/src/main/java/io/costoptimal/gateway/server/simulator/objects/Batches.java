package io.costoptimal.gateway.server.simulator.objects;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** OpenAI's batches. One is worked off when somebody looks at it for the first time. */
final class Batches implements Family {

    private static final Kind BATCHES = new Kind("batches", "Batch", "batch");

    @Override
    public void addTo(Rows rows) {
        BATCHES.made(rows, Batches::create);
        rows.on("GET", "batches", call -> Page.of(call, call.shelf(1)));
        rows.on("GET", "batches/{id}", call -> {
            Map<String, Object> batch = BATCHES.get(call);
            if (batch.get("status").equals("validating")) {
                work(call, batch);
            }
            return Given.json(batch);
        });
        rows.on("POST", "batches/{id}/cancel", call -> {
            Map<String, Object> batch = BATCHES.get(call);
            if (!batch.get("status").equals("validating")) {
                throw new Refusal(409, "Cannot cancel a batch with status '" + batch.get("status") + "'.");
            }
            batch.put("status", "cancelling");
            batch.put("cancelling_at", Shape.CREATED);
            return Given.json(batch);
        });
    }

    private static Map<String, Object> create(Call call) {
        Map<String, Object> body = call.json();
        call.file(body.get("input_file_id"));
        return Shape.of(
                "id", Shape.id("batch_"),
                "object", "batch",
                "endpoint", body.get("endpoint"),
                "input_file_id", body.get("input_file_id"),
                "completion_window", body.get("completion_window"),
                "status", "validating",
                "created_at", Shape.CREATED,
                "expires_at", Shape.CREATED + 86400,
                "request_counts", Shape.of("total", 0, "completed", 0, "failed", 0),
                "metadata", body.get("metadata"));
    }

    private static void work(Call call, Map<String, Object> batch) {
        byte[] input = call.account().content((String) batch.get("input_file_id"));
        List<String> lines = new String(input, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        StringBuilder output = new StringBuilder();
        for (String line : lines) {
            Map<String, Object> request = Shape.read(line.getBytes(StandardCharsets.UTF_8));
            output.append(Shape.write(answer(request))).append('\n');
        }
        String file = Files.keep(
                call.account(),
                batch.get("id") + "_output.jsonl",
                "batch_output",
                output.toString().getBytes(StandardCharsets.UTF_8));
        batch.put("status", "completed");
        batch.put("completed_at", Shape.CREATED);
        batch.put("output_file_id", file);
        batch.put("request_counts", Shape.of("total", lines.size(), "completed", lines.size(), "failed", 0));
    }

    private static Map<String, Object> answer(Map<String, Object> request) {
        Object model = request.get("body") instanceof Map<?, ?> body ? body.get("model") : null;
        Map<String, Object> message = Shape.of("role", "assistant", "content", "This is a simulated answer.");
        Map<String, Object> completion = Shape.of(
                "id",
                Shape.id("chatcmpl-"),
                "object",
                "chat.completion",
                "created",
                Shape.CREATED,
                "model",
                model,
                "choices",
                List.of(Shape.of("index", 0, "message", message, "finish_reason", "stop")),
                "usage",
                Shape.of("prompt_tokens", 7, "completion_tokens", 5, "total_tokens", 12));
        return Shape.of(
                "id", Shape.id("batch_req_"),
                "custom_id", request.get("custom_id"),
                "response", Shape.of("status_code", 200, "request_id", "req_sim", "body", completion),
                "error", null);
    }
}
