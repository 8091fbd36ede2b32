package io.costoptimal.gateway.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.Content;
import io.costoptimal.gateway.exchange.RequestFacts.Kept;
import io.costoptimal.gateway.exchange.RequestFacts.UsageOption;
import io.costoptimal.gateway.exchange.RequestFacts.UsageOption.Place;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scan says of a body beside its model, wherever the body is cut. */
class BodyContentTest {

    private static final String ENCODED = "iVBORw0K".repeat(500);

    private final Cuts cuts = new Cuts(100);

    private RequestFacts facts(String body) {
        Cuts.Verdict verdict = cuts.every(body.getBytes(StandardCharsets.UTF_8), body.length() > 2000 ? 17 : 1);
        assertThat(verdict.fault()).as(body).isNull();
        return verdict.facts();
    }

    private static String user(String parts) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"look\"},"
                + parts + "]}]}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"messages\":[{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":\"hi\",\"name\":\"al\"},"
                        + "{\"role\":\"assistant\",\"content\":null,\"audio\":null,\"tool_calls\":[{\"id\":\"1\","
                        + "\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"type\\\":\\\"image\\\"}\"}}]},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}]}",
                "{\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\","
                        + "\"properties\":{\"type\":{\"type\":\"string\"},\"image_url\":{\"type\":\"string\"}}}}},"
                        + "{\"name\":\"g\",\"input_schema\":{\"type\":\"object\"},\"cache_control\":{\"type\":\"ephemeral\"}}]}",
                "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"type\":\"object\"}}}}",
                "{\"text\":{\"format\":{\"type\":\"json_object\"}},\"tool_choice\":{\"type\":\"auto\"},"
                        + "\"thinking\":{\"type\":\"enabled\"},\"metadata\":{\"type\":\"a\",\"file_id\":\"b\"}}",
                "{\"system\":[{\"type\":\"text\",\"text\":\"x\",\"cache_control\":{\"type\":\"ephemeral\"}}],\"messages\":["
                        + "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"1\",\"name\":\"f\",\"input\":"
                        + "{\"type\":\"image\",\"file_id\":\"x\",\"url\":\"u\",\"image_url\":{\"a\":[1]}}}]},{\"role\":\"user\","
                        + "\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"1\",\"content\":\"x\",\"is_error\":false},"
                        + "{\"type\":\"document\",\"source\":{\"type\":\"text\",\"data\":\"short\"}}]}]}",
                "{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"x\"}]},{\"type\":\"reasoning\","
                        + "\"summary\":[{\"type\":\"summary_text\",\"text\":\"x\"}]},{\"type\":\"function_call\",\"name\":\"f\"}]}",
                "{\"prompt\":\"once\",\"previous_response_id\":null,\"conversation\":null,\"web_search_options\":false}",
                "{\"stream_options\":{\"type\":\"image\",\"x\":{\"image_url\":1}}}",
                "{\"url\":\"x\",\"data\":\"y\",\"type\":\"z\",\"image_url\":\"v\"}"
            })
    void takesTextForText(String body) {
        RequestFacts facts = facts(body);

        assertThat(facts.content()).isEqualTo(Content.TEXT);
        assertThat(facts.textBytes()).isEqualTo(facts.bytes());
    }

    @Test
    void takesLongEncodedDataOffTheBytesOfText() {
        String plain = user("{\"type\":\"image_url\",\"image_url\":{\"url\":\"\"}}");
        for (String part : List.of(
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}",
                "{\"image_url\":{\"url\":\"%s\"}}",
                "{\"type\":\"input_image\",\"image_url\":\"%s\"}",
                "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"%s\",\"format\":\"wav\"}}",
                "{\"type\":\"file\",\"file\":{\"file_data\":\"%s\"}}",
                "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"data\":\"%s\"}}",
                "{\"type\":\"image\",\"source\":{\"data\":\"%s\",\"type\":\"base64\"}}",
                "{\"type\":\"tool_result\",\"content\":[{\"type\":\"image\",\"source\":{\"data\":\"%s\"}}]}")) {
            RequestFacts facts = facts(user(part.replace("%s", ENCODED)));

            assertThat(facts.content()).as(part).isEqualTo(new Content(ENCODED.length(), true, false));
            assertThat(facts.textBytes()).as(part).isBetween(plain.length() - 60, plain.length() + 60);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://a/b.png\"}}",
                "{\"image_url\":\"https://a/b.png\"}",
                "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://a/b.png\"}}",
                "{\"type\":\"document\",\"source\":{\"type\":\"url\",\"url\":\"https://a/b.pdf\"}}",
                "{\"type\":\"video_url\",\"video_url\":{\"url\":\"https://a/b.mp4\"}}",
                "{\"type\":\"hologram\",\"x\":1}",
                "{\"type\":\"im\\u0061ge\"}",
                "{\"t\\u0079pe\":\"image\"}",
                "{\"type\":\"textextextextextextextextextextextextextextextextextextextextextextext\"}",
                "{\"type\":\"\"}",
                "{\"type\":\"redacted_thinking\",\"data\":\"x\"}"
            })
    void knowsThatContentIsNoText(String part) {
        assertThat(facts(user(part)).content()).isEqualTo(new Content(0, true, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"audio\":{\"voice\":\"x\"}", "\"images\":[]", "\"modalities\":[\"image\",\"text\"]"})
    void knowsThatTheAnswerMayBeNoText(String member) {
        assertThat(facts("{" + member + "}").content()).isEqualTo(new Content(0, true, false));
        assertThat(facts("{\"metadata\":{" + member + "}}").content()).isEqualTo(Content.TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"previous_response_id\":\"r\"",
                "\"conversation\":{\"id\":\"c\"}",
                "\"prompt\":{\"id\":\"p\"}",
                "\"prompt\":[\"a\",\"b\"]",
                "\"container\":\"c\"",
                "\"web_search_options\":{}",
                "\"mcp_servers\":[{}]",
                "\"tools\":[{\"type\":\"function\"},{\"type\":\"web_search\"}]",
                "\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]",
                "\"tools\":[{\"type\":\"mcp\",\"server_label\":\"x\"}]",
                "\"tools\":[{\"type\":\"bash_20250124\",\"name\":\"bash\"}]",
                "\"input\":[{\"type\":\"reasoning\",\"encrypted_content\":\"x\"}]",
                "\"messages\":[{\"content\":[{\"file_id\":\"f\"}]}]",
                "\"n\":\"3\"",
                "\"n\":1.5",
                "\"n\":-1"
            })
    void knowsThatTheBodyDoesNotShowAll(String member) {
        for (String body : List.of("{" + member + "}", "{\"model\":\"m\"," + member + ",\"x\":{}}")) {
            Content content = facts(body).content();
            assertThat(content).isEqualTo(new Content(0, false, true, content.refers(), Kept.UNSAID));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'previous_response_id':'r'|true",
                "'conversation':{'id':'c'}|true",
                "'container':'c'|true",
                "'tools':[{'type':'code_interpreter','container':{'type':'auto'}}]|true",
                "'tools':[{'type':'file_search','vector_store_ids':['v']}]|true",
                "'tools':[{'type':'image_generation','input_image_mask':{'file_id':'f'}}]|true",
                "'tools':[{'type':'function','parameters':{'file_id':{}}}]|false",
                "'input':[{'type':'item_reference','id':'i'}]|true",
                "'messages':[{'content':[{'file_id':'f'}]}]|true",
                "'messages':[{'content':[{'type':'tool_use','input':{'file_id':'f'}}]}]|false",
                "'metadata':{'file_id':'f'}|false",
                "'input_file_id':'f'|true",
                "'input_file_id':null|false",
                "'file_ids':['f']|true",
                "'x':{'training_file':'f'}|true",
                "'store':true|false",
            })
    void knowsWhetherTheBodyMayReferToObjects(String member, boolean refers) {
        String text = member.replace('\'', '"');
        for (String body : List.of("{" + text + "}", "{\"model\":\"m\"," + text + ",\"x\":{}}")) {
            assertThat(facts(body).content().refers()).isEqualTo(refers);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, false", "null, false"})
    void knowsWhetherTheAnswerIsToBeKept(String store, boolean stores) {
        assertThat(facts("{\"store\":" + store + ",\"x\":{\"store\":true}}")
                        .content()
                        .kept()
                        .stores())
                .isEqualTo(stores);
        assertThat(facts("{\"x\":{\"store\":true}}").content().kept().stores()).isFalse();
    }

    @Test
    void looksOnBehindWhatItDoesNotLookInto() {
        String image = "\"messages\":[{\"content\":[{\"image_url\":\"x\"}]}]";
        for (String before : List.of(
                "\"tools\":[{\"type\":\"function\",\"parameters\":{\"a\":[{}]}}]",
                "\"tools\":[]",
                "\"tools\":{}",
                "\"metadata\":{\"a\":[[{}]]}",
                "\"metadata\":[]",
                "\"stream_options\":{\"a\":{}}",
                "\"stream_options\":[{}]",
                "\"x\":[{\"input\":{\"a\":{}},\"b\":[]}]")) {
            assertThat(facts("{" + before + "," + image + "}").content())
                    .as(before)
                    .isEqualTo(new Content(0, true, false));
        }
        assertThat(facts("{\"x\":[{\"input\":{\"a\":{}},\"file_id\":\"f\"}]}")
                        .content()
                        .outside())
                .isTrue();
    }

    @Test
    void takesAStringForEncodedDataOnlyAsTheMembersOwnValue() {
        String text = "\"" + ENCODED + "\"";
        for (String body : List.of(
                "{\"x\":{\"url\":[" + text + "]}}",
                "{\"x\":[{\"url\":\"\"}," + text + "]}",
                "{\"x\":{\"url\":{\"x\":" + text + "}}}",
                "{\"x\":{\"url\":\"\",\"text\":" + text + "}}",
                "{\"x\":{\"data\":1,\"" + ENCODED + "\":2}}")) {
            assertThat(facts(body).content()).as(body).isEqualTo(Content.TEXT);
        }
    }

    @Test
    void readsHowManyAnswersAreAskedForAtMost() {
        assertThat(facts("{}").output().answers()).isEqualTo(1);
        assertThat(facts("{\"n\":null}").output().answers()).isEqualTo(1);
        assertThat(facts("{\"n\":0}").output().answers()).isEqualTo(1);
        assertThat(facts("{\"n\":4}").output().answers()).isEqualTo(4);
        assertThat(facts("{\"n\":4.0,\"best_of\":8}").output().answers()).isEqualTo(8);
        assertThat(facts("{\"best_of\":8,\"n\":2e1}").output().answers()).isEqualTo(20);
        assertThat(facts("{\"x\":{\"n\":4,\"best_of\":4}}").output().answers()).isEqualTo(1);
        assertThat(facts("{\"n\":[4],\"x\":[{\"y\":5},6]}").output().answers()).isEqualTo(1);
        assertThat(facts("{\"n\":" + "9".repeat(30) + "}").output().answers()).isEqualTo(Long.MAX_VALUE);
    }

    private record Asking(String body, UsageOption option) {}

    static List<Asking> optionsOfUsage() {
        return List.of(
                new Asking("{\"stream\":true}", new UsageOption(Place.NO_OPTIONS, 1, 1)),
                new Asking(" { \"stream\":true}", new UsageOption(Place.NO_OPTIONS, 2, 2)),
                new Asking("{\"stream_options\":null}", new UsageOption(Place.NULL_OPTIONS, 18, 22)),
                new Asking("{\"stream_options\": {} }", new UsageOption(Place.EMPTY_OPTIONS, 20, 20)),
                new Asking("{\"stream_options\":{ \"x\":{}}}", new UsageOption(Place.OTHER_OPTIONS, 19, 19)),
                new Asking("{\"stream_options\":{\"x\":1,\"include_usage\":true}}", UsageOption.ASKED),
                new Asking("{\"stream_options\":{\"include_usage\":true,\"x\":1}}", UsageOption.ASKED),
                new Asking("{\"stream_options\":{\"include_usage\":false}}", UsageOption.FIXED),
                new Asking("{\"stream_options\":{\"include_usage\":null}}", UsageOption.FIXED),
                new Asking("{\"stream_options\":{\"include_usage\":\"true\"}}", UsageOption.FIXED),
                new Asking("{\"stream_options\":{\"include_usage\":{}}}", UsageOption.FIXED),
                new Asking("{\"stream_options\":[{}]}", UsageOption.FIXED),
                new Asking("{\"stream_options\":true}", UsageOption.FIXED),
                new Asking("{\"stream_options\":\"x\"}", UsageOption.FIXED));
    }

    @ParameterizedTest
    @MethodSource("optionsOfUsage")
    void findsWhereUsageCouldBeAskedFor(Asking row) {
        assertThat(facts(row.body).streaming().usage()).isEqualTo(row.option);
    }
}
