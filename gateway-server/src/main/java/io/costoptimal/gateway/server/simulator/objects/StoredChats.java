package io.costoptimal.gateway.server.simulator.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Chat completions that were to be kept ({@code store: true}). */
final class StoredChats implements Family {

    static final String PATH = "chat/completions";
    private static final Kind CHATS = new Kind(PATH, "chat completion", "chat.completion.deleted");

    @Override
    public void addTo(Rows rows) {
        // What makes one is not here: it is a model's answer, kept as it goes out.
        rows.on("GET", PATH, call -> Page.of(call, call.shelf(2)));
        rows.on("GET", PATH + "/{id}", call -> Given.json(CHATS.get(call)));
        rows.on("POST", PATH + "/{id}", call -> {
            Map<String, Object> chat = CHATS.get(call);
            chat.put("metadata", call.json().get("metadata"));
            return Given.json(chat);
        });
        rows.on("DELETE", PATH + "/{id}", call -> {
            CHATS.parent(call).remove("chat completion", call.at("id"));
            return Given.json(Shape.of("id", call.at("id"), "object", "chat.completion.deleted", "deleted", true));
        });
        rows.on("GET", PATH + "/{id}/messages", call -> {
            CHATS.get(call);
            return Page.of(call, call.account().shelf(messages(call.at("id"))).all());
        });
    }

    /** Keeps {@code chat}, which answers {@code request}. */
    static void keep(Account account, Map<String, Object> chat, Map<String, Object> request) {
        chat.put("metadata", request.getOrDefault("metadata", Map.of()));
        account.shelf(PATH).put(chat);
        Shelf messages = account.shelf(messages((String) chat.get("id")));
        List<?> said = request.get("messages") instanceof List<?> list ? list : new ArrayList<>();
        for (int i = 0; i < said.size(); i++) {
            Object content = ((Map<?, ?>) said.get(i)).get("content");
            messages.put(Shape.of(
                    "id",
                    chat.get("id") + "-" + i,
                    "role",
                    ((Map<?, ?>) said.get(i)).get("role"),
                    "content",
                    content instanceof String ? content : null,
                    "content_parts",
                    content instanceof List<?> ? content : null,
                    "refusal",
                    null));
        }
    }

    private static String messages(String id) {
        return PATH + "/" + id + "/messages";
    }
}
