package io.costoptimal.gateway.server.simulator.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Vector stores, the files in them, batches of those, and a search that finds every file. */
final class VectorStores implements Family {

    private static final Kind STORES = new Kind("vector_stores", "VectorStore", "vector_store.deleted");
    private static final Kind FILES =
            new Kind("vector_stores/{vector_store_id}/files", "VectorStore", "vector_store.file.deleted");
    private static final Kind BATCHES =
            new Kind("vector_stores/{vector_store_id}/file_batches", "VectorStore", "vector_store.files_batch");

    @Override
    public void addTo(Rows rows) {
        STORES.rows(rows, VectorStores::create).changed(rows);
        FILES.rows(rows, call -> file(call, call.json())).changed(rows);
        rows.on("POST", "vector_stores/{id}/search", VectorStores::search);
        rows.on("GET", FILES.template() + "/{id}/content", VectorStores::content);
        BATCHES.made(rows, VectorStores::batch);
        rows.on("GET", BATCHES.template() + "/{id}", call -> Given.json(BATCHES.get(call)));
        rows.on("POST", BATCHES.template() + "/{id}/cancel", call -> {
            Map<String, Object> batch = BATCHES.get(call);
            batch.put("status", "cancelled");
            return Given.json(batch);
        });
        rows.on("GET", BATCHES.template() + "/{id}/files", call -> {
            BATCHES.get(call);
            return Page.of(call, call.account().shelf(call.path(2) + "/files"));
        });
    }

    private static Map<String, Object> create(Call call) {
        Map<String, Object> body = call.json();
        List<?> files = body.get("file_ids") instanceof List<?> ids ? ids : List.of();
        Map<String, Object> made = Shape.of(
                "id",
                Shape.id("vs_"),
                "object",
                "vector_store",
                "created_at",
                Shape.CREATED,
                "name",
                body.getOrDefault("name", ""),
                "usage_bytes",
                0,
                "file_counts",
                counts(files.size()),
                "status",
                "completed",
                "last_active_at",
                Shape.CREATED,
                "metadata",
                body.getOrDefault("metadata", Map.of()));
        Shelf shelf = call.account().shelf("vector_stores/" + made.get("id") + "/files");
        files.forEach(id -> shelf.put(file(call, (String) made.get("id"), id)));
        return made;
    }

    private static Map<String, Object> file(Call call, Map<String, Object> body) {
        Map<String, Object> made = file(call, call.at("vector_store_id"), body.get("file_id"));
        made.put("attributes", body.getOrDefault("attributes", Map.of()));
        return made;
    }

    private static Map<String, Object> file(Call call, String store, Object id) {
        return Shape.of(
                "id",
                id,
                "object",
                "vector_store.file",
                "created_at",
                Shape.CREATED,
                "usage_bytes",
                call.file(id).get("bytes"),
                "vector_store_id",
                store,
                "status",
                "completed",
                "last_error",
                null,
                "attributes",
                Map.of());
    }

    private static Map<String, Object> batch(Call call) {
        Map<String, Object> body = call.json();
        List<Object> ids = new ArrayList<>();
        if (body.get("file_ids") instanceof List<?> given) {
            ids.addAll(given);
        }
        if (body.get("files") instanceof List<?> given) {
            given.forEach(file -> ids.add(((Map<?, ?>) file).get("file_id")));
        }
        Shelf files = call.account().shelf(call.path(2) + "/files");
        ids.forEach(id -> files.put(file(call, call.at("vector_store_id"), id)));
        return Shape.of(
                "id",
                Shape.id("vsfb_"),
                "object",
                "vector_store.files_batch",
                "created_at",
                Shape.CREATED,
                "vector_store_id",
                call.at("vector_store_id"),
                "status",
                "completed",
                "file_counts",
                counts(ids.size()));
    }

    private static Given search(Call call) {
        STORES.get(call);
        List<Map<String, Object>> found = call.account().shelf(call.path(2) + "/files").all().stream()
                .map(file -> Shape.of(
                        "file_id", file.get("id"),
                        "filename", call.file(file.get("id")).get("filename"),
                        "score", 0.9,
                        "attributes", file.get("attributes"),
                        "content", List.of(Shape.of("type", "text", "text", "A simulated passage."))))
                .toList();
        return Given.json(Shape.of(
                "object",
                "vector_store.search_results.page",
                "search_query",
                List.of(String.valueOf(call.json().get("query"))),
                "data",
                found,
                "has_more",
                false,
                "next_page",
                null));
    }

    private static Given content(Call call) {
        FILES.get(call);
        return Given.json(Shape.of(
                "object",
                "vector_store.file_content.page",
                "data",
                List.of(Shape.of("type", "text", "text", "A simulated passage.")),
                "has_more",
                false,
                "next_page",
                null));
    }

    private static Map<String, Object> counts(int files) {
        return Shape.of("in_progress", 0, "completed", files, "failed", 0, "cancelled", 0, "total", files);
    }
}
