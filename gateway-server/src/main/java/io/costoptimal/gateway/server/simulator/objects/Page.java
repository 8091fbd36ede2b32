package io.costoptimal.gateway.server.simulator.objects;

import java.util.List;
import java.util.Map;

/** A part of a list, as each API cuts it. */
final class Page {

    private static final int LIMIT = 20;

    private Page() {}

    /** OpenAI's: {@code limit}, {@code after}, {@code before} and {@code order}. */
    static Given of(Call call, Shelf shelf) {
        return of(call, shelf.all(call.query().get("order")));
    }

    /** The same of {@code all}, which are in the order asked for. */
    static Given of(Call call, List<Map<String, Object>> all) {
        List<Map<String, Object>> left =
                window(all, call.query().get("after"), call.query().get("before"));
        List<Map<String, Object>> data = left.subList(0, Math.min(left.size(), limit(call)));
        return Given.json(Shape.of(
                "object",
                "list",
                "data",
                data,
                "first_id",
                end(data, 0),
                "last_id",
                end(data, data.size() - 1),
                "has_more",
                data.size() < left.size()));
    }

    /** Anthropic's: {@code limit}, {@code after_id} and {@code before_id}, the newest first. */
    static Given ofAnthropic(Call call, Shelf shelf) {
        List<Map<String, Object>> left = window(
                shelf.all("desc"), call.query().get("after_id"), call.query().get("before_id"));
        List<Map<String, Object>> data = left.subList(0, Math.min(left.size(), limit(call)));
        return Given.json(Shape.of(
                "data",
                data,
                "has_more",
                data.size() < left.size(),
                "first_id",
                end(data, 0),
                "last_id",
                end(data, data.size() - 1)));
    }

    private static List<Map<String, Object>> window(List<Map<String, Object>> all, String after, String before) {
        int from = after == null ? 0 : at(all, after) + 1;
        int to = before == null ? all.size() : at(all, before);
        return all.subList(from, Math.max(from, to));
    }

    private static int at(List<Map<String, Object>> all, String id) {
        for (int i = 0; i < all.size(); i++) {
            if (id.equals(all.get(i).get("id"))) {
                return i;
            }
        }
        throw Refusal.unknown("list", id);
    }

    private static int limit(Call call) {
        String limit = call.query().getOrDefault("limit", Integer.toString(LIMIT));
        try {
            return Integer.parseInt(limit);
        } catch (NumberFormatException e) {
            throw new Refusal(400, "limit: " + limit + " (expected: a number)");
        }
    }

    private static Object end(List<Map<String, Object>> data, int at) {
        return data.isEmpty() ? null : data.get(at).get("id");
    }
}
