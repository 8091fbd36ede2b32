package io.costoptimal.gateway.server.simulator.objects;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;

/** Files that come in parts. */
final class Uploads implements Family {

    private static final Kind UPLOADS = new Kind("uploads", "Upload", "upload");

    @Override
    public void addTo(Rows rows) {
        UPLOADS.made(rows, Uploads::begin);
        new Kind("uploads/{id}/parts", "Upload", "upload.part").made(rows, Uploads::part);
        rows.on("POST", "uploads/{id}/complete", Uploads::complete);
        rows.on("POST", "uploads/{id}/cancel", call -> {
            Map<String, Object> upload = UPLOADS.get(call);
            upload.put("status", "cancelled");
            return Given.json(upload);
        });
    }

    private static Map<String, Object> begin(Call call) {
        Map<String, Object> body = call.json();
        return Shape.of(
                "id",
                Shape.id("upload_"),
                "object",
                "upload",
                "bytes",
                body.get("bytes"),
                "created_at",
                Shape.CREATED,
                "expires_at",
                Shape.CREATED + 3600,
                "filename",
                body.get("filename"),
                "purpose",
                body.get("purpose"),
                "status",
                "pending");
    }

    private static Map<String, Object> part(Call call) {
        Map<String, Object> made = Shape.of(
                "id",
                Shape.id("part_"),
                "object",
                "upload.part",
                "created_at",
                Shape.CREATED,
                "upload_id",
                call.at("id"));
        call.account().keep((String) made.get("id"), call.form().file("data").bytes());
        return made;
    }

    private static Given complete(Call call) {
        Map<String, Object> upload = UPLOADS.get(call);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (Object part : (List<?>) call.json().get("part_ids")) {
            content.writeBytes(call.account().content(String.valueOf(part)));
        }
        if (content.size() != ((Number) upload.get("bytes")).longValue()) {
            throw new Refusal(400, "bytes: " + content.size() + " (expected: " + upload.get("bytes") + ")");
        }
        String id = Files.keep(
                call.account(), (String) upload.get("filename"), (String) upload.get("purpose"), content.toByteArray());
        upload.put("status", "completed");
        upload.put("file", call.file(id));
        return Given.json(upload);
    }
}
