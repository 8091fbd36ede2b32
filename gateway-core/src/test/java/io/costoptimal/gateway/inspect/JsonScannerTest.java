package io.costoptimal.gateway.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.Content;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import io.costoptimal.gateway.exchange.RequestFacts.Output;
import io.costoptimal.gateway.exchange.RequestFacts.Streaming;
import io.costoptimal.gateway.exchange.RequestFacts.UsageOption;
import io.costoptimal.gateway.inspect.Cuts.Verdict;
import io.costoptimal.gateway.inspect.JsonFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonScannerTest {

    private static final int MAX_DEPTH = 100;
    private static final String LONG_NAME = "m".repeat(256);

    private final Cuts cuts = new Cuts(MAX_DEPTH);

    /** A document, one char a byte, that must be refused. */
    private record Bad(String document, Kind kind, String member, int offset) {}

    private static Bad bad(String document, Kind kind, int offset) {
        return new Bad(document, kind, null, offset);
    }

    private static Bad bad(String document, Kind kind, String member, int offset) {
        return new Bad(document, kind, member, offset);
    }

    static List<Bad> badDocuments() {
        return List.of(
                bad("", Kind.EMPTY, 0),
                bad(" \r\n\t", Kind.BLANK, 4),
                bad("\u00EF\u00BB\u00BF{}", Kind.ENCODING, 0),
                bad("\u00FF\u00FE{\0}\0", Kind.ENCODING, 0),
                bad("\0{\0}", Kind.ENCODING, 0),
                bad("{\0}\0", Kind.MEMBER_OR_END, 1),
                bad(" [{}]", Kind.ROOT_ARRAY, 1),
                bad("\"model\"", Kind.ROOT_STRING, 0),
                bad("-1", Kind.ROOT_NUMBER, 0),
                bad("0", Kind.ROOT_NUMBER, 0),
                bad("null", Kind.ROOT_LITERAL, 0),
                bad("model=a", Kind.ROOT_OTHER, 0),
                bad(" \u00EF\u00BB\u00BF{}", Kind.ROOT_OTHER, 1),
                bad("{,}", Kind.MEMBER_OR_END, 1),
                bad("{'a':1}", Kind.MEMBER_OR_END, 1),
                bad("{/*a*/}", Kind.MEMBER_OR_END, 1),
                bad("{]", Kind.MEMBER_OR_END, 1),
                bad("{\"model\":\"a\",}", Kind.MEMBER, 13),
                bad("{\"a\":1,,", Kind.MEMBER, 7),
                bad("{\"a\" 1}", Kind.COLON, 5),
                bad("{\"a\"}", Kind.COLON, 4),
                bad("{\"a\":}", Kind.VALUE, 5),
                bad("{\"a\":+1}", Kind.VALUE, 5),
                bad("{\"a\":NaN}", Kind.VALUE, 5),
                bad("{\"a\":\u00C3\u00A9}", Kind.VALUE, 5),
                bad("{\"a\":[1,]}", Kind.VALUE, 8),
                bad("{\"a\":[,1]}", Kind.ELEMENT_OR_END, 6),
                bad("{\"a\":[}", Kind.ELEMENT_OR_END, 6),
                bad("{\"a\":1]", Kind.COMMA_OR_BRACE, 6),
                bad("{\"a\":\"b\" \"c\":1}", Kind.COMMA_OR_BRACE, 9),
                bad("{\"a\":truee}", Kind.COMMA_OR_BRACE, 9),
                bad("{\"a\":[1}", Kind.COMMA_OR_BRACKET, 7),
                bad("{\"a\":[[] []", Kind.COMMA_OR_BRACKET, 9),
                bad("{}{}", Kind.TRAILING, 2),
                bad("{}\n{}", Kind.TRAILING, 3),
                bad("{\"model\":\"a\"}garbage", Kind.TRAILING, 13),
                bad("{}\0", Kind.TRAILING, 2),
                bad("{", Kind.TOO_SHORT, 1),
                bad("{\"a", Kind.TOO_SHORT, 3),
                bad("{\"a\\", Kind.TOO_SHORT, 4),
                bad("{\"a\\u12", Kind.TOO_SHORT, 7),
                bad("{\"a\u00C3", Kind.TOO_SHORT, 4),
                bad("{\"a\":1", Kind.TOO_SHORT, 6),
                bad("{\"a\":tru", Kind.TOO_SHORT, 8),
                bad("{\"a\":" + "[".repeat(MAX_DEPTH), Kind.TOO_DEEP, 4 + MAX_DEPTH),
                bad("{\"a\":\"tab\there\"}", Kind.CONTROL, 9),
                bad("{\"a\":\"a long line of text,\nbroken\"}", Kind.CONTROL, 26),
                bad("{\"new\nline\":1}", Kind.CONTROL, 5),
                bad("{\"a\":\"\\x\"}", Kind.ESCAPE, 7),
                bad("{\"\\'\":1}", Kind.ESCAPE, 3),
                bad("{\"a\":\"\\u12G4\"}", Kind.HEX, 10),
                bad("{\"\\u\":1}", Kind.HEX, 4),
                bad("{\"a\":\"a stray continuation \u0080\"}", Kind.UTF8, 27),
                bad("{\"a\":\"overlong \u00C0\u00AF\"}", Kind.UTF8, 15),
                bad("{\"mod\u00C1\u00A5l\":\"a\"}", Kind.UTF8, 5),
                bad("{\"a\":\"\u00E0\u009F\u00BF\"}", Kind.UTF8, 7),
                bad("{\"a\":\"surrogate \u00ED\u00A0\u0080\"}", Kind.UTF8, 17),
                bad("{\"a\":\"\u00F0\u008F\u00BF\u00BF\"}", Kind.UTF8, 7),
                bad("{\"a\":\"\u00F4\u0090\u0080\u0080\"}", Kind.UTF8, 7),
                bad("{\"a\":\"\u00F5\u0080\u0080\u0080\"}", Kind.UTF8, 6),
                bad("{\"a\":\"cut short \u00E6\u0097\"}", Kind.UTF8, 18),
                bad("{\"a\":01}", Kind.NUMBER, 6),
                bad("{\"a\":-}", Kind.NUMBER, 6),
                bad("{\"a\":1.}", Kind.NUMBER, 7),
                bad("{\"a\":1.2.3}", Kind.NUMBER, 8),
                bad("{\"a\":1e}", Kind.NUMBER, 7),
                bad("{\"a\":1e+}", Kind.NUMBER, 8),
                bad("{\"a\":2-1}", Kind.NUMBER, 6),
                bad("{\"a\":nul}", Kind.LITERAL, 8),
                bad("{\"a\":True}", Kind.VALUE, 5),
                bad("{\"a\":tRUE}", Kind.LITERAL, 6),
                bad("{\"model\":\"a\",\"model\":\"b\"}", Kind.DUPLICATE, "model", 13),
                bad("{\"model\":\"a\",\"mod\\u0065l\":\"a\"}", Kind.DUPLICATE, "model", 13),
                bad("{\"stream\":true,\"stream\":false}", Kind.DUPLICATE, "stream", 15),
                bad("{\"stream_options\":{},\"stream_options\":1}", Kind.DUPLICATE, "stream_options", 21),
                bad("{\"n\":1,\"\\u006e\":2}", Kind.DUPLICATE, "n", 7),
                bad("{\"max_tokens\":1,\"max_tokens\":1}", Kind.DUPLICATE, "max_tokens", 16),
                bad(
                        "{\"max_completion_tokens\":1,\"max_completion_tokens\":1",
                        Kind.DUPLICATE,
                        "max_completion_tokens",
                        27),
                bad("{\"max_output_tokens\":1,\"max_output_tokens\":1", Kind.DUPLICATE, "max_output_tokens", 23),
                bad(
                        "{\"stream_options\":{\"include_usage\":1,\"include_usage\":2}",
                        Kind.DUPLICATE,
                        "include_usage",
                        37),
                bad("{\"model\":nul}", Kind.LITERAL, 12),
                bad("{\"Model\":\"a\"}", Kind.SPELLING, "model", 1),
                bad("{\"model\":\"a\",\"MODEL\":\"b\"}", Kind.SPELLING, "model", 13),
                bad("{\"\\u004dodel\":\"a\"}", Kind.SPELLING, "model", 1),
                bad("{\"model\\u0000\":\"a\"}", Kind.SPELLING, "model", 1),
                bad("{\"model\\u0000" + "x".repeat(300) + "\":\"a\"}", Kind.SPELLING, "model", 1),
                bad("{\"\u00c5\u00bftream\":true}", Kind.SPELLING, "stream", 1),
                bad("{\"\\u017ftream_option\u00c5\u00bf\":{}}", Kind.SPELLING, "stream_options", 1),
                bad("{\"max_to\u00e2\u0084\u00aaens\":1}", Kind.SPELLING, "max_tokens", 1),
                bad("{\"max_completion_to\\u212aen\u00c5\u00bf\":1}", Kind.SPELLING, "max_completion_tokens", 1),
                bad("{\"max_complet\u00c4\u00b1on_tokens\":1}", Kind.SPELLING, "max_completion_tokens", 1),
                bad("{\"model\\u0000\\ud83d\":1}", Kind.SPELLING, "model", 1),
                bad("{\"N\":1}", Kind.SPELLING, "n", 1),
                bad("{\"Models\":[]}", Kind.SPELLING, "models", 1),
                bad("{\"fallbacks\":[],\"fallbacks\":[]}", Kind.DUPLICATE, "fallbacks", 16),
                bad("{\"stream_options\":{\"Include_Usage\":true}}", Kind.SPELLING, "include_usage", 19),
                bad("{\"model\":\"..\"}", Kind.DOT_SEGMENT, "model", 9),
                bad("{\"model\":\"a/../b\"}", Kind.DOT_SEGMENT, "model", 9),
                bad("{\"model\":\"a\\\\.\"}", Kind.DOT_SEGMENT, "model", 9),
                bad("{\"model\":-1}", Kind.NOT_A_STRING, "model", 9),
                bad("{\"model\": {}}", Kind.NOT_A_STRING, "model", 10),
                bad("{\"model\":[\"a\"]}", Kind.NOT_A_STRING, "model", 9),
                bad("{\"model\":\"\"}", Kind.EMPTY_STRING, "model", 9),
                bad("{\"model\":\"" + LONG_NAME + "m", Kind.TOO_LONG, "model", 9),
                bad("{\"model\":\"" + LONG_NAME.substring(2) + "\\u65e5", Kind.TOO_LONG, "model", 9),
                bad("{\"model\":\"a\\u0000\"}", Kind.CONTROL_CHARACTER, "model", 9),
                bad("{\"model\":\"a\\nb\"}", Kind.CONTROL_CHARACTER, "model", 9),
                bad("{\"model\":\"\u007F\"}", Kind.CONTROL_CHARACTER, "model", 9),
                bad("{\"model\":\"\u00C2\u009B\"}", Kind.CONTROL_CHARACTER, "model", 9),
                bad("{\"model\":\"\\ud83d\"}", Kind.LONE_SURROGATE, "model", 9),
                bad("{\"model\":\"\\ude00\\ud83d\"}", Kind.LONE_SURROGATE, "model", 9),
                bad("{\"model\":\"\\ud83d \\ude00\"}", Kind.LONE_SURROGATE, "model", 9));
    }

    @ParameterizedTest
    @MethodSource("badDocuments")
    void namesWhatIsWrongAndWhereWhereverTheDocumentIsCut(Bad row) {
        Verdict verdict = cuts.everywhere(latin1(row.document));

        assertThat(verdict.fault()).isEqualTo(new JsonFault(row.kind, row.member, row.offset));
    }

    @Test
    void hasARowAndADistinctMessageForEveryFault() {
        Set<Kind> covered = badDocuments().stream().map(Bad::kind).collect(Collectors.toSet());
        Set<String> messages = EnumSet.allOf(Kind.class).stream()
                .map(kind -> new JsonFault(kind, null, 7).message())
                .collect(Collectors.toSet());

        assertThat(covered).isEqualTo(EnumSet.allOf(Kind.class));
        assertThat(messages).hasSameSizeAs(Kind.values());
        assertThat(new JsonFault(Kind.MEMBER, null, 13).message())
                .isEqualTo("Invalid JSON in the request body at byte 13: expected a member name.");
        assertThat(new JsonFault(Kind.DUPLICATE, "stream", 15).message())
                .isEqualTo("Invalid `stream` in the request body at byte 15: it appears more than once.");
    }

    @Test
    void refusesAtTheByteThatProvesIt() {
        for (Bad row : badDocuments()) {
            if (row.kind == Kind.TOO_SHORT || row.kind == Kind.EMPTY || row.kind == Kind.BLANK || row.member != null) {
                continue;
            }
            JsonScanner scanner = new JsonScanner(MAX_DEPTH);
            byte[] document = latin1(row.document);
            assertThat(scanner.scan(Unpooled.wrappedBuffer(document, 0, row.offset)))
                    .as(row.toString())
                    .isTrue();
            assertThat(scanner.scan(Unpooled.wrappedBuffer(document, row.offset, 1)))
                    .as(row.toString())
                    .isFalse();
        }
    }

    /** A document and the facts it holds. */
    private record Good(String document, ModelField model, Facts facts) {

        ModelField field() {
            int brace = document.indexOf('{') + 1;
            return model != null
                    ? model
                    : ModelField.missing(
                            brace, document.substring(brace).strip().equals("}"));
        }
    }

    private record Facts(boolean stream, long maxTokens, boolean includeUsage) {

        static final Facts NONE = new Facts(false, -1, false);
    }

    private static Good good(String document, ModelField model) {
        return new Good(document, model, Facts.NONE);
    }

    private static Good good(String document, boolean stream, long maxTokens, boolean includeUsage) {
        return new Good(document, null, new Facts(stream, maxTokens, includeUsage));
    }

    static List<Good> goodDocuments() {
        return List.of(
                good("{}", null),
                good(" \t\r\n{ } \n", null),
                good("{\"model\":\"gpt-4o\"}", new ModelField("gpt-4o", 9, 17)),
                good("{ \"mod\\u0065l\" : \"a\\/b\" }", new ModelField("a/b", 17, 23)),
                good("{\"messages\":[{\"model\":\"x\"}],\"model\":\"m\"}", new ModelField("m", 36, 39)),
                good("{\"model\":null}", new ModelField(null, 9, 13)),
                good("{\"model\":null,\"x\":null}", new ModelField(null, 9, 13)),
                good("{\"x\":null,\"Messages\":1,\"x\":{\"Model\":1}}", null),
                good("{\"model\":\"m\",\"models\":[\"x\"]}", new ModelField("m", ModelField.Place.VALUE, 9, 12, true)),
                good(" {\"fallbacks\":[\"x\"]}", new ModelField(null, ModelField.Place.BEFORE_MEMBERS, 2, 2, true)),
                good("{\"model\":\"v1..2/a.b/.c\"}", new ModelField("v1..2/a.b/.c", 9, 23)),
                good("{\"model\":\"m\",\"x\":{\"model\":1,\"model\":2}}", new ModelField("m", 9, 12)),
                good("{\"x\":\"\\\"model\\\":\\\"evil\\\"\"}", null),
                good("{\"a\":\"model\",\"b\":[\"model\",\"x\"]}", null),
                good("{\"model\":\"" + LONG_NAME + "\"}", new ModelField(LONG_NAME, 9, 267)),
                good("{\"" + LONG_NAME + "model\":1}", null),
                good("{\"model\":\"\\uD83D\\uDE00 \\u65e5\\u00e9A\"}", new ModelField("😀 日éA", 9, 37)),
                good("{\"model\\ud83d\":1,\"\\udE00model\":2}", null),
                good("{\"a\":\"\\ud83d \\ude00 \\u0000\"}", null),
                good("{\"a\":1,\"a\":2,\"messages\":[],\"messages\":[]}", null),
                good("{\"a\":[-0,0.5,1E5,1e-05,2e+30," + "9".repeat(2000) + ",true,false,null,[],{}]}", null),
                good("{\"stream\":true}", true, -1, false),
                good("{\"stre\\u0061m\":true}", true, -1, false),
                good("{\"stream\":false}", false, -1, false),
                good("{\"stream\":\"true\"}", false, -1, false),
                good("{\"stream\":1}", false, -1, false),
                good("{\"stream\":null}", false, -1, false),
                good("{\"stream\":[true]}", false, -1, false),
                good("{\"stream\":{\"stream\":true},\"a\":true}", false, -1, false),
                good("{\"max_tokens\":17}", false, 17, false),
                good("{\"max_tokens\":17,\"max_output_tokens\":5,\"max_completion_tokens\":9}", false, 17, false),
                good("{\"max_output_tokens\":5,\"max_completion_tokens\":9,\"max_tokens\":7}", false, 9, false),
                good("{\"max_tokens\":4000.0}", false, 4000, false),
                good("{\"max_tokens\":4e3}", false, 4000, false),
                good("{\"max_tokens\":4.0001e+4,\"max_output_tokens\":40E2}", false, 40001, false),
                good("{\"max_tokens\":120e-1}", false, 12, false),
                good("{\"max_tokens\":0.0,\"max_output_tokens\":12.50}", false, 0, false),
                good("{\"max_tokens\":4e99}", false, Long.MAX_VALUE, false),
                good("{\"max_tokens\":0}", false, 0, false),
                good("{\"max_tokens\":\"17\",\"max_output_tokens\":1.5}", false, -1, false),
                good("{\"max_tokens\":-5,\"max_output_tokens\":1e-3}", false, -1, false),
                good("{\"max_tokens\":[17],\"x\":{\"max_tokens\":1}}", false, -1, false),
                good("{\"max_tokens\":" + "9".repeat(1001) + "}", false, Long.MAX_VALUE, false),
                good("{\"stream_options\":{\"include_usage\":true}}", false, -1, true),
                good("{\"stream_options\":{\"x\":[{}],\"include_usage\":true},\"stream\":true}", true, -1, true),
                good("{\"stream_options\":{\"include_usage\":false}}", false, -1, false),
                good("{\"stream_options\":[{\"include_usage\":true}]}", false, -1, false),
                good("{\"stream_options\":{\"x\":{\"include_usage\":true}}}", false, -1, false),
                good("{\"stream_options\":{\"stream\":true,\"model\":7}}", false, -1, false),
                good("{\"stream_options\":{},\"x\":{\"include_usage\":true}}", false, -1, false),
                good("{\"include_usage\":true,\"include_usage\":true}", false, -1, false));
    }

    @ParameterizedTest
    @MethodSource("goodDocuments")
    void findsTheFactsWhereverTheDocumentIsCut(Good row) {
        byte[] document = row.document.getBytes(StandardCharsets.UTF_8);

        Verdict verdict = cuts.everywhere(document);

        assertThat(verdict.fault()).isNull();
        RequestFacts facts = verdict.facts();
        assertThat(facts)
                .isEqualTo(new RequestFacts(
                        row.field(),
                        new Streaming(row.facts.stream, facts.streaming().usage()),
                        new Output(row.facts.maxTokens, 1),
                        Content.TEXT,
                        document.length));
        assertThat(facts.includeUsage()).isEqualTo(row.facts.includeUsage);
    }

    @Test
    void countsDepthFromTheDocumentItself() {
        assertThat(cuts.everywhere(nested(MAX_DEPTH)).accepted()).isTrue();
        assertThat(cuts.everywhere(nested(MAX_DEPTH + 1)).fault().kind()).isEqualTo(Kind.TOO_DEEP);
        assertThat(cuts.whole(latin1("{\"a\":" + "[".repeat(100_000))).fault().kind())
                .isEqualTo(Kind.TOO_DEEP);
        assertThatThrownBy(() -> new JsonScanner(0)).hasMessage("json_depth: 0 (expected: > 0)");
    }

    /** Objects and arrays by turns, so that each bit of the stack is both set and cleared. */
    private static byte[] nested(int depth) {
        StringBuilder inner = new StringBuilder("0");
        for (int level = depth; level > 1; level--) {
            inner.insert(0, level % 3 == 0 ? "{\"k\":" : "[").append(level % 3 == 0 ? '}' : ']');
        }
        return latin1("{\"a\":" + inner + "}");
    }

    @Test
    void readsDirectBuffersLikeArraysAcrossItsOwnWindows() {
        String[] specials = {"\\n", "\\u00e9", "é", "日", "😀", "\",\"b\":\"", "\u00FF"};
        for (String special : specials) {
            byte[] middle =
                    special.equals("\u00FF") ? new byte[] {(byte) 0xFF} : special.getBytes(StandardCharsets.UTF_8);
            for (int before = 16 * 1024 - 16; before < 16 * 1024 + 2; before++) {
                ByteBuf heap = Unpooled.buffer();
                heap.writeBytes(latin1("{\"a\":\"" + "x".repeat(before - 6)));
                heap.writeBytes(middle);
                heap.writeBytes(latin1("y".repeat(20_000) + "\",\"model\":\"m\"}"));
                ByteBuf direct = Unpooled.directBuffer(heap.readableBytes()).writeBytes(heap.duplicate());
                try {
                    assertThat(cuts.at(direct)).as(special + " after " + before).isEqualTo(cuts.at(heap));
                } finally {
                    direct.release();
                }
            }
        }
    }

    @Test
    void forgetsEverythingOnReset() {
        byte[] rich = latin1(
                "{\"model\":\"m\",\"stream\":true,\"max_tokens\":5,\"n\":2,\"x\":{\"image_url\":1,\"file_id\":1,"
                        + "\"input\":{\"x\":1}},\"tools\":[{\"type\":\"x\"}],\"stream_options\":{\"include_usage\":true");
        JsonScanner scanner = new JsonScanner(MAX_DEPTH);
        scanner.scan(Unpooled.wrappedBuffer(rich));
        assertThat(scanner.end()).isFalse();

        scanner.reset(true);

        assertThat(scanner.scan(Unpooled.wrappedBuffer(latin1("{\"include_usage\":true}"))))
                .isTrue();
        assertThat(scanner.end()).isTrue();
        assertThat(scanner.facts())
                .isEqualTo(new RequestFacts(
                        ModelField.missing(1, false),
                        new Streaming(false, new UsageOption(UsageOption.Place.NO_OPTIONS, 1, 1)),
                        Output.NOT_TOLD,
                        Content.TEXT,
                        22));
    }

    @Test
    void judgesEachModelLikeAFreshScannerWhateverModelsCameBefore() {
        List<String> models = List.of(
                "gpt-4o",
                "gpt-4o",
                "gpt-4\\u006f",
                "gpt-4o ",
                "gpt-4",
                "",
                "\\u0000",
                "\u007f",
                "a\u00c3\u00a9",
                "a\\u00e9",
                "\\ud83d",
                LONG_NAME,
                LONG_NAME + "m",
                "gpt-4o",
                "gpt-4p",
                "\u00c3\u00a9",
                "e\u00a9",
                "gpt-4o");
        for (String before : models) {
            for (String model : models) {
                cuts.everywhere(latin1("{\"model\":\"" + before + "\"}"));
                byte[] document = latin1("{\"model\":\"" + model + "\"}");

                assertThat(cuts.everywhere(document))
                        .as("%s after %s", model, before)
                        .isEqualTo(new Cuts(MAX_DEPTH).whole(document));
            }
        }
    }

    @Test
    void staysRefusedWhateverFollows() {
        JsonScanner scanner = new JsonScanner(MAX_DEPTH);
        scanner.scan(Unpooled.wrappedBuffer(latin1("[")));
        JsonFault first = scanner.fault();

        assertThat(scanner.scan(Unpooled.wrappedBuffer(latin1("{}")))).isFalse();
        assertThat(scanner.end()).isFalse();
        assertThat(scanner.fault()).isSameAs(first);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
