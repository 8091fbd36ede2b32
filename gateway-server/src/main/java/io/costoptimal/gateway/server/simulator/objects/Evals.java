package io.costoptimal.gateway.server.simulator.objects;

import java.util.List;
import java.util.Map;

/** Evals, their runs and what those gave. */
final class Evals implements Family {

    private static final Kind EVALS = new Kind("evals", "Eval", "eval.deleted");
    private static final Kind RUNS = new Kind("evals/{eval_id}/runs", "Eval", "eval.run.deleted");
    private static final Kind ITEMS =
            new Kind("evals/{eval_id}/runs/{run_id}/output_items", "Eval run", "eval.run.output_item");

    @Override
    public void addTo(Rows rows) {
        rows.on("DELETE", "evals/{id}", call -> {
            EVALS.parent(call).remove("Eval", call.at("id"));
            return Given.json(Shape.of("eval_id", call.at("id"), "object", "eval.deleted", "deleted", true));
        });
        rows.on("DELETE", RUNS.template() + "/{id}", call -> {
            RUNS.parent(call).remove("Eval run", call.at("id"));
            return Given.json(Shape.of("run_id", call.at("id"), "object", "eval.run.deleted", "deleted", true));
        });
        EVALS.rows(rows, Evals::create).changed(rows);
        RUNS.rows(rows, Evals::run);
        // The second is what newer clients call.
        rows.on("POST", RUNS.template() + "/{id}", Evals::cancel);
        rows.on("POST", RUNS.template() + "/{id}/cancel", Evals::cancel);
        rows.on("GET", ITEMS.template(), call -> Page.of(call, ITEMS.parent(call)));
        rows.on("GET", ITEMS.template() + "/{id}", call -> Given.json(ITEMS.get(call)));
    }

    private static Given cancel(Call call) {
        Map<String, Object> run = RUNS.get(call);
        run.put("status", "canceled");
        return Given.json(run);
    }

    private static Map<String, Object> create(Call call) {
        Map<String, Object> body = call.json();
        Map<String, Object> config = Shape.of();
        ((Map<?, ?>) body.get("data_source_config")).forEach((name, value) -> config.put((String) name, value));
        if (config.remove("item_schema") != null) {
            config.put("schema", Map.of());
        }
        return Shape.of(
                "id", Shape.id("eval_"),
                "object", "eval",
                "created_at", Shape.CREATED,
                "name", body.getOrDefault("name", ""),
                "data_source_config", config,
                "testing_criteria", body.getOrDefault("testing_criteria", List.of()),
                "metadata", body.getOrDefault("metadata", Map.of()));
    }

    private static Map<String, Object> run(Call call) {
        Map<String, Object> body = call.json();
        Map<String, Object> made = Shape.of(
                "id", Shape.id("evalrun_"),
                "object", "eval.run",
                "created_at", Shape.CREATED,
                "eval_id", call.at("eval_id"),
                "name", body.getOrDefault("name", ""),
                "model", "sim-small",
                "data_source", body.get("data_source"),
                "error", null,
                "metadata", body.getOrDefault("metadata", Map.of()),
                "per_model_usage", List.of(),
                "per_testing_criteria_results", List.of(),
                "report_url", "https://simulator.invalid/evals",
                "result_counts", Shape.of("errored", 0, "failed", 0, "passed", 1, "total", 1),
                "status", "completed");
        made.put("error", Shape.of("code", "", "message", ""));
        call.account()
                .shelf(call.path(3) + "/" + made.get("id") + "/output_items")
                .put(item(call.at("eval_id"), (String) made.get("id")));
        return made;
    }

    private static Map<String, Object> item(String eval, String run) {
        return Shape.of(
                "id",
                Shape.id("outputitem_"),
                "object",
                "eval.run.output_item",
                "created_at",
                Shape.CREATED,
                "eval_id",
                eval,
                "run_id",
                run,
                "datasource_item",
                Shape.of("question", "Why?"),
                "datasource_item_id",
                1,
                "results",
                List.of(Shape.of("name", "match", "passed", true, "score", 1.0)),
                "sample",
                sample(),
                "status",
                "pass");
    }

    private static Map<String, Object> sample() {
        return Shape.of(
                "error",
                Shape.of("code", "", "message", ""),
                "finish_reason",
                "stop",
                "input",
                List.of(Shape.of("role", "user", "content", "Why?")),
                "max_completion_tokens",
                16,
                "model",
                "sim-small",
                "output",
                List.of(Shape.of("role", "assistant", "content", "Because.")),
                "seed",
                1,
                "temperature",
                1.0,
                "top_p",
                1.0,
                "usage",
                Shape.of("cached_tokens", 0, "completion_tokens", 2, "prompt_tokens", 2, "total_tokens", 4));
    }
}
