package io.costoptimal.gateway.server.simulator.objects;

import java.util.List;
import java.util.Map;

/** Fine-tuning jobs, their events and checkpoints, who may use a checkpoint, and graders. */
final class FineTuning implements Family {

    private static final Kind JOBS = new Kind("fine_tuning/jobs", "FineTuningJob", "fine_tuning.job");
    private static final String PERMISSIONS = "fine_tuning/checkpoints/{checkpoint}/permissions";

    @Override
    public void addTo(Rows rows) {
        JOBS.rows(rows, FineTuning::create);
        state(rows, "cancel", "cancelled");
        state(rows, "pause", "paused");
        state(rows, "resume", "queued");
        rows.on("GET", "fine_tuning/jobs/{id}/events", call -> {
            JOBS.get(call);
            return Page.of(call, List.of(event()));
        });
        rows.on("GET", "fine_tuning/jobs/{id}/checkpoints", call -> {
            JOBS.get(call);
            return Page.of(call, List.of(checkpoint(call.at("id"))));
        });
        rows.on("POST", PERMISSIONS, FineTuning::permit);
        rows.on("GET", PERMISSIONS, call -> Page.of(call, call.shelf(4)));
        rows.on("DELETE", PERMISSIONS + "/{id}", call -> {
            call.shelf(4).remove("checkpoint.permission", call.at("id"));
            return Given.json(Shape.of("id", call.at("id"), "object", "checkpoint.permission", "deleted", true));
        });
        rows.on("POST", "fine_tuning/alpha/graders/run", FineTuning::grade);
        rows.on(
                "POST",
                "fine_tuning/alpha/graders/validate",
                call -> Given.json(Shape.of("grader", call.json().get("grader"))));
    }

    private static void state(Rows rows, String verb, String status) {
        rows.on("POST", "fine_tuning/jobs/{id}/" + verb, call -> {
            Map<String, Object> job = JOBS.get(call);
            job.put("status", status);
            return Given.json(job);
        });
    }

    private static Map<String, Object> create(Call call) {
        Map<String, Object> body = call.json();
        call.file(body.get("training_file"));
        if (body.get("validation_file") != null) {
            call.file(body.get("validation_file"));
        }
        return Shape.of(
                "id",
                Shape.id("ftjob-"),
                "object",
                "fine_tuning.job",
                "created_at",
                Shape.CREATED,
                "error",
                null,
                "fine_tuned_model",
                null,
                "finished_at",
                null,
                "hyperparameters",
                Shape.of("n_epochs", "auto"),
                "model",
                body.get("model"),
                "organization_id",
                "org-sim",
                "result_files",
                List.of(),
                "seed",
                1,
                "status",
                "queued",
                "trained_tokens",
                null,
                "training_file",
                body.get("training_file"),
                "validation_file",
                body.get("validation_file"));
    }

    private static Map<String, Object> event() {
        return Shape.of(
                "id", Shape.id("ftevent-"),
                "object", "fine_tuning.job.event",
                "created_at", Shape.CREATED,
                "level", "info",
                "message", "Created fine-tuning job",
                "type", "message");
    }

    private static Map<String, Object> checkpoint(String job) {
        return Shape.of(
                "id",
                Shape.id("ftckpt_"),
                "object",
                "fine_tuning.job.checkpoint",
                "created_at",
                Shape.CREATED,
                "fine_tuned_model_checkpoint",
                "ft:sim-small:sim::1:ckpt-step-10",
                "fine_tuning_job_id",
                job,
                "metrics",
                Shape.of("step", 10, "train_loss", 0.5),
                "step_number",
                10);
    }

    private static Given permit(Call call) {
        List<?> projects = (List<?>) call.json().get("project_ids");
        List<Map<String, Object>> made = projects.stream()
                .map(project -> call.shelf(4)
                        .put(Shape.of(
                                "id",
                                Shape.id("cp_"),
                                "object",
                                "checkpoint.permission",
                                "created_at",
                                Shape.CREATED,
                                "project_id",
                                project)))
                .toList();
        return Page.of(call, made);
    }

    private static Given grade(Call call) {
        Map<String, Object> errors = Shape.of();
        for (String error : List.of(
                "formula_parse_error",
                "invalid_variable_error",
                "model_grader_parse_error",
                "model_grader_refusal_error",
                "model_grader_server_error",
                "other_error",
                "python_grader_runtime_error",
                "python_grader_server_error",
                "sample_parse_error",
                "truncated_observation_error",
                "unresponsive_reward_error")) {
            errors.put(error, false);
        }
        errors.put("model_grader_server_error_details", null);
        errors.put("python_grader_runtime_error_details", null);
        errors.put("python_grader_server_error_type", null);
        Map<?, ?> grader = (Map<?, ?>) call.json().get("grader");
        return Given.json(Shape.of(
                "reward", 1.0,
                "metadata",
                        Shape.of(
                                "name",
                                String.valueOf(grader.get("name")),
                                "type",
                                String.valueOf(grader.get("type")),
                                "errors",
                                errors,
                                "execution_time",
                                0.1,
                                "scores",
                                Map.of(),
                                "token_usage",
                                null,
                                "sampled_model_name",
                                null),
                "sub_rewards", Map.of(),
                "model_grader_token_usage_per_model", Map.of()));
    }
}
