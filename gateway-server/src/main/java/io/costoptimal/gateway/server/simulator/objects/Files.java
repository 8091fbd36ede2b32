package io.costoptimal.gateway.server.simulator.objects;

import java.util.List;
import java.util.Map;

/** OpenAI's files. */
final class Files implements Family {

    private static final Kind FILES = new Kind("files", "File", "file");

    @Override
    public void addTo(Rows rows) {
        rows.on("GET", "files", Files::list);
        FILES.withContent(rows).rows(rows, Files::upload);
    }

    private static Given list(Call call) {
        String purpose = call.query().get("purpose");
        List<Map<String, Object>> all = call.shelf(1).all(call.query().get("order"));
        all.removeIf(file -> purpose != null && !purpose.equals(file.get("purpose")));
        return Page.of(call, all);
    }

    private static Map<String, Object> upload(Call call) {
        Form form = call.form();
        Form.Part file = form.file("file");
        String purpose = form.text("purpose", null);
        if (purpose == null) {
            throw new Refusal(400, "'purpose' is a required property");
        }
        Map<String, Object> made = file(file.fileName(), purpose, file.bytes().length);
        call.account().keep((String) made.get("id"), file.bytes());
        return made;
    }

    /** Keeps a file that the provider itself has made, such as the output of a batch; returns its id. */
    static String keep(Account account, String name, String purpose, byte[] content) {
        Map<String, Object> made = file(name, purpose, content.length);
        account.shelf("files").put(made);
        account.keep((String) made.get("id"), content);
        return (String) made.get("id");
    }

    private static Map<String, Object> file(String name, String purpose, int bytes) {
        return Shape.of(
                "id",
                Shape.id("file-"),
                "object",
                "file",
                "bytes",
                bytes,
                "created_at",
                Shape.CREATED,
                "filename",
                name,
                "purpose",
                purpose,
                "status",
                "processed");
    }
}
