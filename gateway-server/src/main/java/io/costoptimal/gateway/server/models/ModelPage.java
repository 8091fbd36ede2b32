package io.costoptimal.gateway.server.models;

import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One page of a provider's list, in either API's shape.
 *
 * @param models in the provider's order
 * @param next what to ask the next page with; {@code null} when this is the last
 */
record ModelPage(List<ListedModel> models, String next) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_ID = 256;

    /** Of the year 9999, the last with four digits. */
    private static final long LAST_SECOND = 253_402_300_799L;

    /**
     * Reads a page: {@code {"data": [..]}} as both APIs write it, {@code {"models": [..]}} or a bare list as some servers
     * do. Entries without an id, or with one no client would send, are left out.
     *
     * @param owner of models that name none
     * @throws IOException when it is no list of models
     */
    static ModelPage read(byte[] body, String owner) throws IOException {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), body)) {
            JsonToken start = in.nextToken();
            ModelPage page = start == JsonToken.START_OBJECT
                    ? object(in, owner)
                    : new ModelPage(start == JsonToken.START_ARRAY ? entries(in, owner, true) : null, null);
            if (page.models == null) {
                throw new IOException("not a list of models");
            }
            return page;
        } catch (JacksonException e) {
            throw new IOException("not JSON", e);
        }
    }

    private static ModelPage object(JsonParser in, String owner) {
        List<ListedModel> models = null;
        boolean more = false;
        String last = null;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            JsonToken value = in.nextToken();
            boolean data = name.equals("data");
            if (value == JsonToken.START_ARRAY && (data || name.equals("models") && models == null)) {
                models = entries(in, owner, !data);
            } else if (name.equals("has_more")) {
                more = value == JsonToken.VALUE_TRUE;
            } else if (name.equals("last_id") && value == JsonToken.VALUE_STRING) {
                last = in.getString();
            } else {
                in.skipChildren();
            }
        }
        return new ModelPage(models, more ? last : null);
    }

    /** @param names whether a text stands for a model of that name, as it does where there is no {@code data} */
    private static List<ListedModel> entries(JsonParser in, String owner, boolean names) {
        List<ListedModel> models = new ArrayList<>();
        for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
            ListedModel model = switch (token) {
                case START_OBJECT -> entry(in, owner);
                case VALUE_STRING -> names ? new ListedModel(in.getString(), 0, owner) : null;
                default -> null;
            };
            if (model == null) {
                in.skipChildren();
            } else if (model.id() != null && !model.id().isEmpty() && model.id().length() <= MAX_ID) {
                models.add(model);
            }
        }
        return models;
    }

    private static ListedModel entry(JsonParser in, String owner) {
        String id = null;
        String otherName = null;
        long created = 0;
        String ownedBy = owner;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            JsonToken value = in.nextToken();
            if (name.equals("id") && value == JsonToken.VALUE_STRING) {
                id = in.getString();
            } else if (name.equals("name") && value == JsonToken.VALUE_STRING) {
                otherName = in.getString();
            } else if (name.equals("owned_by") && value == JsonToken.VALUE_STRING) {
                ownedBy = in.getString();
            } else if (name.equals("created") && value == JsonToken.VALUE_NUMBER_INT) {
                created = known(in.getLongValue());
            } else if (name.equals("created_at") && value == JsonToken.VALUE_STRING) {
                created = known(seconds(in.getString()));
            } else {
                in.skipChildren();
            }
        }
        return new ListedModel(id == null ? otherName : id, created, ownedBy);
    }

    /** A time that every client can read, or 0: {@link java.time.Instant} throws at what some providers might send. */
    private static long known(long seconds) {
        return seconds >= 0 && seconds <= LAST_SECOND ? seconds : 0;
    }

    private static long seconds(String time) {
        try {
            return Instant.parse(time).getEpochSecond();
        } catch (DateTimeParseException e) {
            return 0;
        }
    }
}
