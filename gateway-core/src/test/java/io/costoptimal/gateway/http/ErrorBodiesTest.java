package io.costoptimal.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class ErrorBodiesTest {

    /** Everything JSON must escape, and what some readers of it trip over. */
    private static final String HOSTILE = "\"},{\\\r\n\t\u0000\u001b\u007f\u2028\u2029\u00e9\ud83d\ude00</script>";

    @Test
    void openAiBodyHoldsWhatItWasGiven() {
        byte[] body = ErrorBodies.openAi(HOSTILE, "invalid_request_error", "model", "model_not_found");

        assertThat(members(body))
                .containsExactly(
                        Map.entry("error.message", HOSTILE),
                        Map.entry("error.type", "invalid_request_error"),
                        Map.entry("error.param", "model"),
                        Map.entry("error.code", "model_not_found"));
    }

    @Test
    void openAiBodyAlwaysHasAllFourMembers() {
        assertThat(new String(ErrorBodies.openAi("m", "t", null, null), StandardCharsets.UTF_8))
                .isEqualTo("{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":null}}");
    }

    @Test
    void anthropicBodyHoldsWhatItWasGiven() {
        byte[] body = ErrorBodies.anthropic(HOSTILE, "not_found_error", "req_1");

        assertThat(members(body))
                .containsExactly(
                        Map.entry("type", "error"),
                        Map.entry("error.type", "not_found_error"),
                        Map.entry("error.message", HOSTILE),
                        Map.entry("request_id", "req_1"));
    }

    private static Map<String, String> members(byte[] body) {
        Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser json = JsonFactory.builder().build().createParser(ObjectReadContext.empty(), body)) {
            String prefix = "";
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.START_OBJECT && json.currentName() != null) {
                    prefix = json.currentName() + ".";
                } else if (token == JsonToken.END_OBJECT) {
                    prefix = "";
                } else if (token == JsonToken.VALUE_STRING) {
                    members.put(prefix + json.currentName(), json.getString());
                }
            }
        }
        return members;
    }
}
