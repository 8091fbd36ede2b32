package io.costoptimal.gateway.server.simulator.objects;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Moderations: everything is harmless. */
final class Moderations implements Family {

    private static final List<String> CATEGORIES = List.of(
            "harassment",
            "harassment/threatening",
            "hate",
            "hate/threatening",
            "illicit",
            "illicit/violent",
            "self-harm",
            "self-harm/instructions",
            "self-harm/intent",
            "sexual",
            "sexual/minors",
            "violence",
            "violence/graphic");

    @Override
    public void addTo(Rows rows) {
        rows.on("POST", "moderations", call -> {
            int inputs = call.json().get("input") instanceof List<?> list ? list.size() : 1;
            return Given.json(Shape.of(
                    "id", Shape.id("modr-"),
                    "model", call.text("model", "omni-moderation-latest"),
                    "results", Collections.nCopies(inputs, harmless())));
        });
    }

    private static Map<String, Object> harmless() {
        Map<String, Object> categories = Shape.of();
        Map<String, Object> scores = Shape.of();
        Map<String, Object> types = Shape.of();
        for (String category : CATEGORIES) {
            categories.put(category, false);
            scores.put(category, 0.001);
            types.put(category, List.of("text"));
        }
        return Shape.of(
                "flagged", false,
                "categories", categories,
                "category_scores", scores,
                "category_applied_input_types", types);
    }
}
