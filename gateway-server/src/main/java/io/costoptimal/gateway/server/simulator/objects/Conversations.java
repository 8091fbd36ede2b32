package io.costoptimal.gateway.server.simulator.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Conversations and what was said in them. */
final class Conversations implements Family {

    private static final Kind CONVERSATIONS = new Kind("conversations", "Conversation", "conversation.deleted");
    private static final Kind ITEMS =
            new Kind("conversations/{conversation_id}/items", "Conversation", "conversation.item.deleted");

    @Override
    public void addTo(Rows rows) {
        CONVERSATIONS.rows(rows, Conversations::create).changed(rows);
        rows.on("POST", ITEMS.template(), call -> list(add(call, ITEMS.parent(call))));
        rows.on("GET", ITEMS.template(), call -> Page.of(call, ITEMS.parent(call)));
        rows.on("GET", ITEMS.template() + "/{id}", call -> Given.json(ITEMS.get(call)));
        rows.on("DELETE", ITEMS.template() + "/{id}", call -> {
            ITEMS.parent(call).remove("Conversation item", call.at("id"));
            return Given.json(call.shelf(1).get("Conversation", call.at("conversation_id")));
        });
    }

    private static Map<String, Object> create(Call call) {
        Map<String, Object> made = Shape.of(
                "id",
                Shape.id("conv_"),
                "object",
                "conversation",
                "created_at",
                Shape.CREATED,
                "metadata",
                call.json().getOrDefault("metadata", Map.of()));
        add(call, call.account().shelf("conversations/" + made.get("id") + "/items"));
        return made;
    }

    private static List<Map<String, Object>> add(Call call, Shelf items) {
        List<Map<String, Object>> added = new ArrayList<>();
        if (call.json().get("items") instanceof List<?> given) {
            given.forEach(item -> added.add(items.put(StoredResponses.item(item))));
        }
        return added;
    }

    private static Given list(List<Map<String, Object>> items) {
        return Given.json(Shape.of(
                "object",
                "list",
                "data",
                items,
                "first_id",
                items.isEmpty() ? null : items.get(0).get("id"),
                "last_id",
                items.isEmpty() ? null : items.get(items.size() - 1).get("id"),
                "has_more",
                false));
    }
}
