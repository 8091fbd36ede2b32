package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.Answers;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Operation.ErrorEvent;
import io.costoptimal.gateway.exchange.Operation.Objects.Kind;
import java.util.List;
import java.util.stream.Stream;

/**
 * The operations of OpenAI's API on what a provider keeps. What needs an organization's admin key (users, projects, usage,
 * permissions of checkpoints) is not served.
 */
final class OpenAiObjects {

    private static final Answers ANSWERS = Answers.free(ApiFamily.OPENAI, ErrorEvent.CHAT);

    private OpenAiObjects() {}

    /** All of them, in the order in which they are listed. */
    static List<Operation> rows() {
        return Stream.of(
                        responses(),
                        chats(),
                        conversations(),
                        files(),
                        uploads(),
                        batches(),
                        fineTuning(),
                        vectorStores(),
                        evals(),
                        containers(),
                        videos(),
                        credentials())
                .flatMap(rows -> rows.rows().stream())
                .toList();
    }

    private static ObjectRows of(Kind kind) {
        return new ObjectRows(kind, ANSWERS);
    }

    private static ObjectRows responses() {
        return new ObjectRows(Kind.RESPONSE, StandardOperations.OF_STORED_RESPONSES)
                .reads("/v1/responses/{response_id}", "/v1/responses/{response_id}/input_items")
                .acts("/v1/responses/{response_id}/cancel")
                .deletes("/v1/responses/{response_id}");
    }

    private static ObjectRows chats() {
        return of(Kind.CHAT)
                .lists("/v1/chat/completions")
                .reads("/v1/chat/completions/{completion_id}", "/v1/chat/completions/{completion_id}/messages")
                .changes("/v1/chat/completions/{completion_id}")
                .deletes("/v1/chat/completions/{completion_id}");
    }

    private static ObjectRows conversations() {
        return of(Kind.CONVERSATION)
                .creates("/v1/conversations")
                .reads(
                        "/v1/conversations/{conversation_id}",
                        "/v1/conversations/{conversation_id}/items",
                        "/v1/conversations/{conversation_id}/items/{item_id}")
                .changes("/v1/conversations/{conversation_id}", "/v1/conversations/{conversation_id}/items")
                .removes("/v1/conversations/{conversation_id}/items/{item_id}")
                .deletes("/v1/conversations/{conversation_id}");
    }

    private static ObjectRows files() {
        return of(Kind.FILE)
                .creates("/v1/files", Body.STREAMED)
                .lists("/v1/files")
                .reads("/v1/files/{file_id}", "/v1/files/{file_id}/content")
                .deletes("/v1/files/{file_id}");
    }

    private static ObjectRows uploads() {
        return of(Kind.UPLOAD)
                .creates("/v1/uploads")
                .changes("/v1/uploads/{upload_id}/parts", Body.STREAMED)
                .changes("/v1/uploads/{upload_id}/complete")
                .acts("/v1/uploads/{upload_id}/cancel");
    }

    private static ObjectRows batches() {
        return of(Kind.BATCH)
                .creates("/v1/batches")
                .lists("/v1/batches")
                .reads("/v1/batches/{batch_id}")
                .acts("/v1/batches/{batch_id}/cancel");
    }

    private static ObjectRows fineTuning() {
        String job = "/v1/fine_tuning/jobs/{fine_tuning_job_id}";
        return of(Kind.FINE_TUNING_JOB)
                .creates("/v1/fine_tuning/jobs")
                .lists("/v1/fine_tuning/jobs")
                .reads(job, job + "/events", job + "/checkpoints")
                .acts(job + "/cancel", job + "/pause", job + "/resume");
    }

    private static ObjectRows vectorStores() {
        String store = "/v1/vector_stores/{vector_store_id}";
        String file = store + "/files/{file_id}";
        String batch = store + "/file_batches/{batch_id}";
        return of(Kind.VECTOR_STORE)
                .creates("/v1/vector_stores")
                .lists("/v1/vector_stores")
                .reads(store, store + "/files", file, file + "/content", batch, batch + "/files")
                .changes(store, store + "/search", store + "/files", file, store + "/file_batches")
                .acts(batch + "/cancel")
                .removes(file)
                .deletes(store);
    }

    private static ObjectRows evals() {
        String eval = "/v1/evals/{eval_id}";
        String run = eval + "/runs/{run_id}";
        return of(Kind.EVAL)
                .creates("/v1/evals")
                .lists("/v1/evals")
                .reads(eval, eval + "/runs", run, run + "/output_items", run + "/output_items/{output_item_id}")
                .changes(eval, eval + "/runs")
                // The first is what clients call now, the second what they called before.
                .acts(run, run + "/cancel")
                .removes(run)
                .deletes(eval);
    }

    private static ObjectRows containers() {
        String container = "/v1/containers/{container_id}";
        String file = container + "/files/{file_id}";
        return of(Kind.CONTAINER)
                .creates("/v1/containers")
                .lists("/v1/containers")
                .reads(container, container + "/files", file, file + "/content")
                .changes(container + "/files", Body.FILE)
                .removes(file)
                .deletes(container);
    }

    private static ObjectRows videos() {
        return of(Kind.VIDEO)
                .creates("/v1/videos", Body.OPTIONAL_FORM)
                .creates("/v1/videos/edits", Body.OPTIONAL_FORM)
                .creates("/v1/videos/extensions", Body.OPTIONAL_FORM)
                .creates("/v1/videos/characters", Body.FILE)
                .lists("/v1/videos")
                .reads("/v1/videos/{video_id}", "/v1/videos/{video_id}/content", "/v1/videos/characters/{character_id}")
                .changes("/v1/videos/{video_id}/remix", Body.FILE)
                .deletes("/v1/videos/{video_id}");
    }

    private static ObjectRows credentials() {
        return of(Kind.CREDENTIAL)
                .creates("/v1/realtime/client_secrets")
                .creates("/v1/realtime/sessions")
                .creates("/v1/realtime/transcription_sessions");
    }
}
