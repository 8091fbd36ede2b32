package io.costoptimal.gateway.server.simulator.objects;

import java.util.Map;

/** Containers and the files in them. */
final class Containers implements Family {

    private static final Kind CONTAINERS = new Kind("containers", "Container", "container.deleted");
    private static final Kind FILES =
            new Kind("containers/{container_id}/files", "Container", "container.file.deleted");

    @Override
    public void addTo(Rows rows) {
        CONTAINERS.rows(rows, Containers::create);
        FILES.withContent(rows).rows(rows, Containers::file);
    }

    private static Map<String, Object> create(Call call) {
        Map<String, Object> body = call.json();
        return Shape.of(
                "id",
                Shape.id("cntr_"),
                "object",
                "container",
                "created_at",
                Shape.CREATED,
                "name",
                body.get("name"),
                "status",
                "running",
                "expires_after",
                Shape.of("anchor", "last_active_at", "minutes", 20),
                "last_active_at",
                Shape.CREATED);
    }

    private static Map<String, Object> file(Call call) {
        String name;
        byte[] content;
        if (call.isForm()) {
            Form.Part sent = call.form().file("file");
            name = sent.fileName();
            content = sent.bytes();
        } else {
            Map<String, Object> copied = call.file(call.json().get("file_id"));
            name = (String) copied.get("filename");
            content = call.account().content((String) copied.get("id"));
        }
        Map<String, Object> made = Shape.of(
                "id",
                Shape.id("cfile_"),
                "object",
                "container.file",
                "created_at",
                Shape.CREATED,
                "bytes",
                content.length,
                "container_id",
                call.at("container_id"),
                "path",
                "/mnt/data/" + name,
                "source",
                "user");
        call.account().keep((String) made.get("id"), content);
        return made;
    }
}
