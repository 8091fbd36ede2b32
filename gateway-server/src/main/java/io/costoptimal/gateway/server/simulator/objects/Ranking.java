package io.costoptimal.gateway.server.simulator.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rerank and score, as open servers have them: the earlier a text, the better it fits. */
final class Ranking implements Family {

    @Override
    public void addTo(Rows rows) {
        rows.on("POST", "rerank", Ranking::rerank);
        rows.on("POST", "score", Ranking::score);
    }

    private static Given rerank(Call call) {
        List<Map<String, Object>> results = new ArrayList<>();
        List<?> documents = call.json().get("documents") instanceof List<?> list ? list : List.of();
        for (int i = 0; i < documents.size(); i++) {
            results.add(Shape.of(
                    "index", i, "document", Shape.of("text", documents.get(i)), "relevance_score", 1.0 / (i + 1)));
        }
        return Given.json(Shape.of(
                "id", Shape.id("rerank-"),
                "model", call.json().get("model"),
                "usage", Shape.of("prompt_tokens", 9, "total_tokens", 9),
                "results", results));
    }

    private static Given score(Call call) {
        List<Map<String, Object>> data = new ArrayList<>();
        int texts = call.json().get("text_2") instanceof List<?> list ? list.size() : 1;
        for (int i = 0; i < texts; i++) {
            data.add(Shape.of("index", i, "object", "score", "score", 1.0 / (i + 1)));
        }
        return Given.json(Shape.of(
                "id",
                Shape.id("score-"),
                "object",
                "list",
                "created",
                Shape.CREATED,
                "model",
                call.json().get("model"),
                "data",
                data,
                "usage",
                Shape.of(
                        "prompt_tokens", 9,
                        "total_tokens", 9,
                        "completion_tokens", 0,
                        "prompt_tokens_details", null)));
    }
}
