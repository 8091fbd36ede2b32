package io.costoptimal.gateway.server.models;

import static io.costoptimal.gateway.http.JsonText.quote;

import java.time.Instant;
import java.util.List;

/** Models as each API writes them. Stateless. */
final class ModelJson {

    /** Members that newer clients expect in Anthropic's shape, though a gateway knows none of them. */
    private static final String UNKNOWN = "\",\"lifecycle\":\"active\",\"line\":null,\"capabilities\":null,"
            + "\"max_input_tokens\":null,\"max_tokens\":null,\"deprecated_at\":null,\"retires_at\":null}";

    private ModelJson() {}

    static String list(List<ListedModel> models, boolean anthropic) {
        StringBuilder out = new StringBuilder(64 + 96 * models.size());
        out.append(anthropic ? "{\"data\":[" : "{\"object\":\"list\",\"data\":[");
        for (int i = 0; i < models.size(); i++) {
            out.append(i == 0 ? "" : ",");
            write(out, models.get(i), anthropic);
        }
        out.append(']');
        if (anthropic) {
            out.append(",\"has_more\":false,\"first_id\":");
            quote(out, models.isEmpty() ? null : models.get(0).id());
            out.append(",\"last_id\":");
            quote(out, models.isEmpty() ? null : models.get(models.size() - 1).id());
        }
        return out.append('}').toString();
    }

    static String one(ListedModel model, boolean anthropic) {
        StringBuilder out = new StringBuilder(96);
        write(out, model, anthropic);
        return out.toString();
    }

    private static void write(StringBuilder out, ListedModel model, boolean anthropic) {
        if (anthropic) {
            out.append("{\"type\":\"model\",\"id\":");
            quote(out, model.id()).append(",\"display_name\":");
            quote(out, model.id()).append(",\"created_at\":\"");
            // Anthropic, too, gives the epoch for a date that is not known.
            out.append(Instant.ofEpochSecond(model.created())).append(UNKNOWN);
        } else {
            out.append("{\"id\":");
            quote(out, model.id()).append(",\"object\":\"model\",\"created\":");
            out.append(model.created()).append(",\"owned_by\":");
            quote(out, model.owner()).append('}');
        }
    }
}
