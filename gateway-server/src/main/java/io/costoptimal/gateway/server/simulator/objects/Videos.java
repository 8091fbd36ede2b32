package io.costoptimal.gateway.server.simulator.objects;

import java.util.Map;

/** Videos, which are done at once. */
final class Videos implements Family {

    private static final Kind VIDEOS = new Kind("videos", "Video", "video.deleted");

    @Override
    public void addTo(Rows rows) {
        rows.on("POST", "videos/characters", call -> {
            call.form().file("video");
            return Given.json(call.account().shelf("characters").put(character(call)));
        });
        rows.on(
                "GET",
                "videos/characters/{id}",
                call -> Given.json(call.account().shelf("characters").get("Character", call.at("id"))));
        VIDEOS.rows(rows, call -> video(call, null));
        for (String verb : new String[] {"edits", "extensions"}) {
            rows.on("POST", "videos/" + verb, call -> Given.json(call.shelf(1).put(video(call, null))));
        }
        rows.on("POST", "videos/{id}/remix", call -> {
            VIDEOS.get(call);
            return Given.json(call.shelf(1).put(video(call, call.at("id"))));
        });
        rows.on("GET", "videos/{id}/content", call -> {
            VIDEOS.get(call);
            return new Given.Body("video/mp4", new byte[4096]);
        });
    }

    private static Map<String, Object> video(Call call, String remixed) {
        return Shape.of(
                "id",
                Shape.id("video_"),
                "object",
                "video",
                "created_at",
                Shape.CREATED,
                "completed_at",
                Shape.CREATED,
                "error",
                null,
                "expires_at",
                Shape.CREATED + 3600,
                "model",
                call.text("model", "sora-2"),
                "progress",
                100,
                "prompt",
                call.text("prompt", null),
                "remixed_from_video_id",
                remixed,
                "seconds",
                call.text("seconds", "4"),
                "size",
                call.text("size", "720x1280"),
                "status",
                "completed");
    }

    private static Map<String, Object> character(Call call) {
        return Shape.of(
                "id",
                Shape.id("char_"),
                "object",
                "character",
                "created_at",
                Shape.CREATED,
                "name",
                call.text("name", null));
    }
}
