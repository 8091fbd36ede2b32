package io.costoptimal.gateway.splice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.splice.Scene.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** llhttp's own cases for responses, answered by a provider: what it refuses is never a clean answer here. */
class LlhttpAnswersTest {

    /**
     * Where this gateway is stricter: other protocols and versions, an empty line before the head, other codings, and
     * redirects, which are no answer of an API.
     */
    private static final List<String> STRICTER =
            List.of("RTSP/", "ICE/", "HTTP/0.9", "\r\nHTTP", "chunked, deflate", "identity", "chunkedchunked", " 301 ");

    /** Where it takes more: what stands behind the size of a chunk is skipped unread, and not passed on. */
    private static final List<String> SKIPPED = List.of("\r\n25  \r\n", "\r\n2;\r\n");

    private record Case(String name, boolean accepted, int messages, String bytes) {}

    @Test
    void acceptsNothingThatLlhttpRefuses() throws IOException {
        List<Case> cases = cases();
        assumeThat(cases).as("the corpus is not here").isNotEmpty();
        int refused = 0;
        for (Case test : cases) {
            for (int part = 0; part < 8; part++) {
                int cut = test.bytes.length() * part / 8;
                Outcome outcome = outcome(test.bytes, cut);
                if (SKIPPED.stream().anyMatch(test.bytes::contains)) {
                    assertThat(outcome).as(test.toString()).isEqualTo(Outcome.COMPLETED);
                } else if (!test.accepted && test.messages == 0 || test.bytes.startsWith("HTTP/1.1 101")) {
                    assertThat(outcome).as(test.toString()).isNotEqualTo(Outcome.COMPLETED);
                    refused++;
                } else if (test.messages > 0 && STRICTER.stream().noneMatch(test.bytes::contains)) {
                    assertThat(outcome).as(test.toString()).isEqualTo(Outcome.COMPLETED);
                }
            }
        }
        assertThat(refused).isPositive();
    }

    private static Outcome outcome(String bytes, int cut) {
        Scene scene = new Scene(Kind.HTTP1);
        try (scene) {
            scene.start().receive(bytes.substring(0, cut));
            if (!scene.idle()) {
                scene.receive(bytes.substring(cut));
            }
            scene.fin();
        }
        return scene.exchange().outcome();
    }

    private static List<Case> cases() throws IOException {
        Path dir = Path.of("").toAbsolutePath();
        while (dir != null && !Files.exists(dir.resolve("shared/corpora/http/llhttp.jsonl"))) {
            dir = dir.getParent();
        }
        if (dir == null) {
            return List.of();
        }
        List<Case> cases = new ArrayList<>();
        for (String line : Files.readAllLines(dir.resolve("shared/corpora/http/llhttp.jsonl"))) {
            Map<String, String> members = members(line);
            if (members.get("side").equals("upstream") && members.get("type").equals("response")) {
                cases.add(new Case(
                        members.get("name"),
                        members.get("llhttp").equals("OK"),
                        Integer.parseInt(members.get("messages")),
                        new String(Base64.getDecoder().decode(members.get("bytes_b64")), ISO_8859_1)));
            }
        }
        return cases;
    }

    private static Map<String, String> members(String line) {
        Map<String, String> members = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, parser.getString());
                }
            }
        }
        return members;
    }
}
