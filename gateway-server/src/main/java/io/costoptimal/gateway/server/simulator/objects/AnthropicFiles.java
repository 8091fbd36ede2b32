package io.costoptimal.gateway.server.simulator.objects;

import java.util.Map;

/** Anthropic's files, which stand at the same paths as OpenAI's. */
final class AnthropicFiles implements Family {

    private static final Kind FILES = new Kind("files", "file", "file_deleted");

    @Override
    public void addTo(Rows rows) {
        rows.on("GET", "files", call -> Page.ofAnthropic(call, call.shelf(1)));
        rows.on("DELETE", "files/{id}", call -> {
            call.shelf(1).remove("file", call.at("id"));
            call.account().forget(call.at("id"));
            return Given.json(Shape.of("id", call.at("id"), "type", "file_deleted"));
        });
        FILES.withContent(rows).rows(rows, AnthropicFiles::upload);
    }

    private static Map<String, Object> upload(Call call) {
        Form.Part file = call.form().file("file");
        Map<String, Object> made = Shape.of(
                "id",
                Shape.id("file_"),
                "type",
                "file",
                "filename",
                file.fileName(),
                "mime_type",
                file.type() == null ? "application/octet-stream" : file.type(),
                "size_bytes",
                file.bytes().length,
                "created_at",
                Shape.CREATED_AT,
                "downloadable",
                true);
        call.account().keep((String) made.get("id"), file.bytes());
        return made;
    }
}
