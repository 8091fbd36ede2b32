package io.costoptimal.gateway.splice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.account.Accounting;
import io.costoptimal.gateway.exchange.Accounted;
import io.costoptimal.gateway.exchange.Accounted.Source;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.SeenText;
import io.costoptimal.gateway.exchange.SharedBody;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.exchange.Uncounted;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.splice.Scene.Kind;
import io.costoptimal.gateway.splice.Scene.Request;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an exchange says of its attempts' tokens at its end, and what it leaves to be counted. */
class AttemptAccountTest {

    private static final String CHAT_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9999\r\n\r\n";
    private static final String TEXT = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi \"}}]}\n\n";
    private static final String USAGE =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String DOCUMENT = "{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}";

    private final Accounting accounting = Accounting.within(1000);
    private final Scene scene = new Scene(Kind.CHUNKS, Timeouts.DEFAULTS, accounting);

    private static String whole(int status, String body) {
        return "HTTP/1.1 " + status + " S\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** What is to be counted, the text as it was kept; everything is given back. */
    private List<String> uncounted() {
        Exchange exchange = scene.exchange();
        SharedBody body = exchange.takeBodyToCount();
        List<String> all =
                exchange.uncounted().stream().map(each -> words(each, body)).toList();
        if (body != null) {
            body.release();
        }
        scene.close();
        assertThat(accounting.texts().level().held()).isZero();
        assertThat(accounting.bodies().level().held()).isZero();
        return all;
    }

    private static String words(Uncounted each, SharedBody body) {
        SeenText text = each.text();
        if (text != null) {
            text.release();
        }
        return each.attempt()
                + (text == null ? " no answer" : " " + new String(text.bytes(), 0, text.length(), UTF_8))
                + (each.told().usage() == null ? "" : " told")
                + (body == null ? "" : " body");
    }

    @Test
    void whatTheProviderToldIsReported() {
        scene.start().receive(whole(200, DOCUMENT));

        Accounted used = scene.exchange().accounted();
        assertThat(used.usage()).isEqualTo(Usage.of(7, 2));
        assertThat(used.source()).isEqualTo(Source.REPORTED);
        assertThat(new String(used.raw(), UTF_8)).isEqualTo("{\"prompt_tokens\":7,\"completion_tokens\":2}");
        assertThat(uncounted()).isEmpty();
    }

    @Test
    void aStreamThatIsCutIsCountedFromItsTextAndTheBody() {
        scene.start().receive(CHAT_HEAD + TEXT + TEXT).fin();

        assertThat(uncounted()).containsExactly("0 \"Hi Hi \" body");
    }

    @Test
    void aStreamThatIsLeftIsCountedTooAndWhatItToldIsKept() {
        scene.start().receive(CHAT_HEAD + TEXT + USAGE).clientLeaves();

        assertThat(uncounted()).containsExactly("0 \"Hi \" told");
    }

    @Test
    void aStreamThatSaidItWasOverIsReportedThoughItsFramingIsCut() {
        scene.start().receive(CHAT_HEAD + TEXT + USAGE + DONE).fin();

        assertThat(scene.exchange().failures())
                .singleElement()
                .satisfies(cut -> assertThat(cut.accounted().source()).isEqualTo(Source.REPORTED));
        assertThat(uncounted()).isEmpty();
    }

    @Test
    void aWholeAnswerWithoutUsageIsCounted() {
        String answer = "{\"choices\":[{\"message\":{\"content\":\"Hi\"}}]}";
        scene.start().receive(whole(200, answer));

        assertThat(uncounted()).containsExactly("0 " + answer + " body");
    }

    @Test
    void anErrorAnswerUsedNothingUnlessItSaysSo() {
        scene.start(Request.PLAIN.candidates("a", "b"))
                .receive(whole(503, "down"))
                .receive(whole(500, DOCUMENT));

        assertThat(scene.exchange().failures())
                .extracting(failed -> failed.accounted().source())
                .containsExactly(Source.NONE, Source.REPORTED);
        assertThat(scene.exchange().failures().get(0).accounted()).isEqualTo(Accounted.NOTHING);
        assertThat(uncounted()).isEmpty();
    }

    @Test
    void whatWasSentInFullAndNotAnsweredIsToBeCountedAsWhatIsPossible() {
        scene.start(Request.PLAIN.candidates("a", "b")).fin();
        scene.receive(whole(200, DOCUMENT));

        assertThat(uncounted()).containsExactly("0 no answer body");
    }

    @Test
    void aProviderThatIsLateOrWhoseHeadIsBrokenMayHaveWorked() {
        scene.start(Request.PLAIN.candidates("a", "b", "c"));
        scene.pass(Scene.FIRST_BYTE.plusSeconds(1));
        scene.receive("nonsense\r\n\r\n");
        scene.receive(whole(200, DOCUMENT));

        assertThat(uncounted()).containsExactly("0 no answer body", "1 no answer body");
    }

    @Test
    void aClientThatLeavesBeforeTheAnswerLeavesWhatIsPossible() {
        scene.start().clientLeaves();

        assertThat(uncounted()).containsExactly("0 no answer body");
    }

    @Test
    void whatWasNotSentInFullUsedNothing() {
        scene.written(false).start(Request.PLAIN, RetryOn.ALL).clientLeaves();

        assertThat(uncounted()).isEmpty();
    }

    @Test
    void anAnswerThatIsBrokenFromItsStartIsCountedAndSoIsTheNext() {
        String chunk = Integer.toHexString(TEXT.length()) + "\r\n" + TEXT;
        scene.start(Request.PLAIN.candidates("a", "b"))
                .receive("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunk + "!!");
        scene.receive(CHAT_HEAD + TEXT + TEXT).fin();

        assertThat(uncounted()).containsExactly("0 \"Hi \" body", "1 \"Hi Hi \" body");
    }

    @Test
    void theTokensOfARequestThatOnlyCountsAreNoCost() {
        scene.start(Request.PLAIN.to(StandardOperations.MESSAGES_COUNT_TOKENS)).receive(whole(200, "{}"));

        assertThat(scene.exchange().accounted()).isEqualTo(Accounted.NOTHING);
        assertThat(uncounted()).isEmpty();
    }

    @Test
    void theBodyIsNotKeptOnceTheInputIsTold() {
        String start = "data: {\"type\":\"message_start\",\"message\":{\"usage\":"
                + "{\"input_tokens\":7,\"output_tokens\":1}}}\n\n";
        scene.start(Request.PLAIN.to(StandardOperations.MESSAGES)).receive(CHAT_HEAD + start);
        assertThat(scene.exchange().body()).isNull();
        assertThat(accounting.bodies().level().held()).isZero();
        scene.fin();
        assertThat(uncounted()).containsExactly("0  told");
    }

    @Test
    void aBodyIsNotKeptForCountingWhereThereIsNoRoom() {
        accounting.bodies().take(999);
        scene.start().receive(CHAT_HEAD + TEXT);
        assertThat(scene.exchange().body()).isNull();
        scene.fin();
        accounting.bodies().giveBack(999);

        assertThat(uncounted()).containsExactly("0 \"Hi \"");
    }

    @Test
    void anAnswerThatNobodyHereCanReadSaysSo() {
        scene.start().receive("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc");

        assertThat(scene.exchange().uncounted())
                .singleElement()
                .satisfies(each -> assertThat(each.text()).isSameAs(SeenText.UNREADABLE));
        uncounted();
    }

    @Test
    void aMessageThatFailsAfterItBeganIsNotTakenForWhole() {
        String start = "data: {\"type\":\"message_start\",\"message\":{\"usage\":"
                + "{\"input_tokens\":7,\"output_tokens\":1}}}\n\n";
        String text =
                "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n";
        String error = "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n";
        String events = start + text + error;
        scene.start(Request.PLAIN.to(StandardOperations.MESSAGES))
                .receive("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: " + events.length()
                        + "\r\n\r\n" + events);

        assertThat(uncounted()).containsExactly("0 \"Hi\" told");
    }

    @Test
    void nothingIsLeftToCountWhereNobodyWantsIt() {
        try (Scene plain = new Scene(Kind.CHUNKS)) {
            plain.start().receive(CHAT_HEAD + TEXT);
            assertThat(plain.exchange().body()).isNull();
            plain.fin().pass(Duration.ZERO);

            assertThat(plain.exchange().uncounted()).isEmpty();
        }
    }
}
