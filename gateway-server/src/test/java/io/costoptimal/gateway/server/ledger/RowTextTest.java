package io.costoptimal.gateway.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

class RowTextTest {

    /** What a client may call a model: the text, and its cell. */
    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("gpt-4o", "gpt-4o"),
                Arguments.of("", ""),
                Arguments.of("=1+1", "'=1+1"),
                Arguments.of("+1", "'+1"),
                Arguments.of("-1", "'-1"),
                Arguments.of("@SUM(A1)", "'@SUM(A1)"),
                Arguments.of("\tx", "\"'\tx\""),
                Arguments.of("\rx", "\"'\rx\""),
                Arguments.of("a,b", "\"a,b\""),
                Arguments.of("say \"hi\"", "\"say \"\"hi\"\"\""),
                Arguments.of("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
                Arguments.of("two\r\nlines", "\"two\r\nlines\""),
                Arguments.of("a=b", "a=b"),
                Arguments.of(" =1+1", "' =1+1"),
                Arguments.of("\u00a0\u3000@x", "'\u00a0\u3000@x"),
                Arguments.of(" a", " a"),
                Arguments.of("a; b", "\"a; b\""),
                // Where lines are cut at semicolons, quotes in the middle of a cell are only text, and a line ends in
                // them.
                Arguments.of("a;=cmd()", "\"a;'=cmd()\""),
                Arguments.of("a; +1;b;-1", "\"a;' +1;b;'-1\""),
                Arguments.of("a;\"=1;b", "\"a;'\"\"=1;b\""),
                Arguments.of("=1;=2", "\"'=1;'=2\""),
                Arguments.of("a\t=1", "\"a\t'=1\""),
                Arguments.of("\t=1", "\"'\t'=1\""),
                Arguments.of("a\r\n@x", "\"a\r\n'@x\""),
                Arguments.of("a\n-", "\"a\n'-\""),
                Arguments.of(";", "\";\""),
                Arguments.of("\u00e4\u20ac\ud83d\ude00", "\u00e4\u20ac\ud83d\ude00"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aCellIsNeverAFormula(String text, String cell) throws IOException {
        StringBuilder line = new StringBuilder();
        RowText.csv(line, new Row().set(Column.MODEL_ASKED, text).set(Column.MODEL_SENT, "x"));

        assertThat(line).startsWith(",,,,," + cell + ",x,").endsWith("\r\n");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void jsonIsExact(String text) {
        assertThat(json(new Row().set(Column.MODEL_ASKED, text)))
                .contains("\"model_asked\":\""
                        + text.replace("\"", "\\\"")
                                .replace("\r", "\\r")
                                .replace("\n", "\\n")
                                .replace("\t", "\\t") + "\"");
    }

    @Test
    void timesAreInUtcWithMillisecondsAndWhatIsAbsentIsEmpty() throws IOException {
        Row row = new Row()
                .set(Column.STARTED_AT, 1_795_600_000_000L)
                .set(Column.REQUEST_ID, "req_1")
                .set(Column.ATTEMPT, 2)
                .set(Column.STREAM, true)
                .set(Column.PARTIAL, false)
                .set(Column.COST_NANO_USD, Long.MAX_VALUE);
        StringBuilder line = new StringBuilder();
        RowText.csv(line, row);

        assertThat(List.of(line.toString().strip().split(",", -1)))
                .hasSize(Column.ALL.size())
                .startsWith("2026-11-25T09:46:40.000Z", "req_1", "2", "", "")
                .contains("true", "false", "9223372036854775807");
        assertThat(RowText.csvHead().strip().split(",")).hasSameSizeAs(Column.ALL);
        assertThat(json(row))
                .startsWith(
                        "{\"started_at\":\"2026-11-25T09:46:40.000Z\",\"request_id\":\"req_1\",\"attempt\":2,\"key\":null,")
                .contains("\"stream\":true,", "\"partial\":false,", "\"cost_nano_usd\":9223372036854775807,");
    }

    private static String json(Row row) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            RowText.json(json, row);
        }
        return text.toString();
    }
}
