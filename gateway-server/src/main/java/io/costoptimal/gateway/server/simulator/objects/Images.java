package io.costoptimal.gateway.server.simulator.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Images: made, changed and varied. All of them are one white pixel. */
final class Images implements Family {

    /** A PNG of one pixel. */
    static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=";

    @Override
    public void addTo(Rows rows) {
        rows.on("POST", "images/generations", call -> answer(call, "image_generation"));
        rows.on("POST", "images/edits", call -> {
            if (call.isForm()) {
                call.form().file("image");
            }
            return answer(call, "image_edit");
        });
        rows.on("POST", "images/variations", call -> {
            call.form().file("image");
            return answer(call, "image_variation");
        });
    }

    private static Given answer(Call call, String event) {
        if (call.streams()) {
            List<Map<String, Object>> events = new ArrayList<>();
            int partial = number(call, "partial_images", 0);
            for (int i = 0; i < partial; i++) {
                Map<String, Object> image = image(event + ".partial_image");
                image.put("partial_image_index", i);
                events.add(image);
            }
            Map<String, Object> last = image(event + ".completed");
            last.put("usage", usage());
            events.add(last);
            return Given.events(events);
        }
        List<Map<String, Object>> data = new ArrayList<>();
        for (int i = number(call, "n", 1); i > 0; i--) {
            data.add(Shape.of("b64_json", PIXEL));
        }
        return Given.json(Shape.of(
                "created", Shape.CREATED,
                "background", "opaque",
                "output_format", "png",
                "quality", "low",
                "size", "1024x1024",
                "data", data,
                "usage", usage()));
    }

    private static Map<String, Object> image(String type) {
        return Shape.of(
                "type", type,
                "b64_json", PIXEL,
                "background", "opaque",
                "created_at", Shape.CREATED,
                "output_format", "png",
                "quality", "low",
                "size", "1024x1024");
    }

    private static Map<String, Object> usage() {
        return Shape.of(
                "input_tokens", 9,
                "input_tokens_details", Shape.of("image_tokens", 0, "text_tokens", 9),
                "output_tokens", 272,
                "total_tokens", 281);
    }

    private static int number(Call call, String name, int fallback) {
        Object value = call.member(name);
        return value == null ? fallback : Integer.parseInt(String.valueOf(value));
    }
}
