package io.costoptimal.gateway.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonObjectTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"a": 1}                              | 1
            {"a":12345,"b":2}                     | 12345
            {"a": -1.5e3 , "b":2}                 | -1.5e3
            { "b" : 2, "a"  :  true }             | true
            {"a": "x\\"y" }                       | "x\\"y"
            {"a": "ä€"}                           | "ä€"
            {"a": {"c": [1, {"d": "}"}], "c": 2}, "b": 3} | {"c": [1, {"d": "}"}], "c": 2}
            {"a": [ 1 , 2 ]}                      | [ 1 , 2 ]
            {"b": "ä", "a": {}}                   | {}
            {"a": null}                           |
            {"b": 1}                              |
            """)
    void keepsEachMemberAsItWasWritten(String body, String raw) throws Refused {
        byte[] value = parse(body).raw("a");

        assertThat(value == null ? null : new String(value, StandardCharsets.UTF_8))
                .isEqualTo(raw);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"a": 1, "a": 2}    | a: twice (expected: once)
            {"c": 1}            | c: unknown (expected: one of a, b)
            {"a": 1             | The body is no JSON
            {"a": 1} {}         | Something follows the JSON object.
            [1]                 | The body is no JSON object.
            ''                  | The body is no JSON object.
            """)
    void refusesWhatIsNoObjectOfKnownMembers(String body, String message) {
        assertThatThrownBy(() -> parse(body)).isInstanceOf(Refused.class).hasMessageStartingWith(message);
    }

    @Test
    void takesNoOtherEncodingThanUtf8() throws Refused {
        assertThatThrownBy(() -> JsonObject.parse("{\"a\": \"x\"}".getBytes(StandardCharsets.UTF_16LE), "a"))
                .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> JsonObject.parse("{\"a\": \"x\"}".getBytes(StandardCharsets.UTF_16), "a"))
                .isInstanceOf(Refused.class);
    }

    @Test
    void passesOverAByteOrderMark() throws Refused {
        assertThat(parse("\uFEFF{\"a\": \"x\", \"b\": 12}").text("a")).isEqualTo("x");
    }

    @Test
    void readsTextsAndNumbers() throws Refused {
        JsonObject object = parse("{\"a\": {\"x\": \"1\", \"y\": \"ä\\u20ac\"}, \"b\": 30}");

        assertThat(object.texts("a")).containsExactly(Map.entry("x", "1"), Map.entry("y", "ä€"));
        assertThat(object.number("b", 7, 1, 30)).isEqualTo(30);
        assertThat(parse("{}").number("b", 7, 1, 30)).isEqualTo(7);
        assertThatThrownBy(() -> object.number("b", 7, 1, 29)).hasMessage("b: 30 (expected: 1 to 29)");
        assertThatThrownBy(() -> object.number("a", 7, 1, 29)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> object.text("b")).hasMessage("b: 30 (expected: a text)");
        assertThatThrownBy(() -> object.texts("b")).hasMessage("b: 30 (expected: an object of texts)");
        assertThatThrownBy(() -> parse("{\"a\": {\"x\": 1}}").texts("a")).isInstanceOf(Refused.class);
    }

    private static JsonObject parse(String body) throws Refused {
        return JsonObject.parse(body.getBytes(StandardCharsets.UTF_8), "a", "b");
    }
}
