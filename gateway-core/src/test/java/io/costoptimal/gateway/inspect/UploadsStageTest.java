package io.costoptimal.gateway.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.PassingBody.Framing;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.stage.RecordingRun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies that go on while they arrive: what is looked at before they do, and when they may. */
class UploadsStageTest {

    private static final int HELD = 200;
    private static final int WINDOW = 50;
    private static final long UPLOAD = 1000;
    private static final int ROOM = 1 << 20;

    private static final Operation FORM = operation("/form-of-stage-tests", Body.OPTIONAL_FORM);
    private static final Operation STREAMED = operation("/stream-of-stage-tests", Body.STREAMED);
    private static final String DELIMITER = "--B0\r\nContent-Disposition: form-data; ";
    private static final String MODEL = DELIMITER + "name=\"model\"\r\n\r\nm1\r\n";
    private static final String FILE = DELIMITER + "name=\"file\"; filename=\"f\"\r\n\r\n";

    private final BodyBudget budget = new BodyBudget(ROOM);
    private final RecordingRun run = new RecordingRun();
    private final InspectStage stage =
            new InspectStage(new Limits.Body(HELD, ROOM, 20, new Limits.Upload(UPLOAD, WINDOW)), budget);
    private final List<ByteBuf> sent = new ArrayList<>();
    private Exchange exchange;

    private static Operation operation(String path, Body body) {
        return new Operation("POST", path, Operation.Handling.PROXIED, body, StandardOperations.EMBEDDINGS.answers());
    }

    @AfterEach
    void nothingIsLeft() {
        exchange.end(Outcome.COMPLETED);
        assertThat(sent).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
        assertThat(budget.all().held()).isZero();
    }

    @Test
    void handsABodyThatNobodyLooksIntoOnBeforeItComes() {
        begin(STREAMED, "Content-Length", "1000", "Content-Encoding", "br", "Content-Type", "x/y");

        assertThat(run.wentOn()).isTrue();
        assertThat(exchange.facts()).isSameAs(RequestFacts.UNSEEN);
        assertThat(exchange.passing().framing()).isEqualTo(Framing.LENGTH);
        assertThat(exchange.passing().length()).isEqualTo(1000);
        assertThat(exchange.passing().window()).isEqualTo(WINDOW);
        assertThat(run.client.log).isEmpty();
    }

    @Test
    void leavesItToOthersToAskForABodyThatNobodyLooksInto() {
        begin(STREAMED, "Transfer-Encoding", "chunked", "Expect", "100-continue");

        assertThat(run.wentOn()).isTrue();
        assertThat(exchange.passing().framing()).isEqualTo(Framing.CHUNKED);
        assertThat(exchange.passing().awaitsAsking()).isTrue();
        assertThat(run.client.log).isEmpty();
    }

    @Test
    void refusesWhatIsLongerThanUploadsMayBe() {
        begin(STREAMED, "Content-Length", "1001");
        assertThat(run.refusal().status()).isEqualTo(413);

        begin(STREAMED, "Transfer-Encoding", "chunked");
        assertThat(run.wentOn()).isTrue();
        assertThat(next("x".repeat(1000), false)).isNull();
        assertThat(next("", false)).isNull();
        assertThat(next("x", true).status()).isEqualTo(413);
    }

    @Test
    void handsAFormOnOnceItHasNamedItsModel() {
        begin(FORM, "Content-Length", "900", "Expect", "100-continue");
        assertThat(run.client.story()).isEqualTo("ask");
        assertThat(exchange.passing().awaitsAsking()).isFalse();
        send(MODEL.substring(0, 30));
        send(MODEL.substring(30));
        assertThat(run.wentOn()).as("the part may go on").isFalse();
        send("--B0\r\n");

        assertThat(run.wentOn()).isTrue();
        assertThat(exchange.modelAsked()).isEqualTo("m1");
        assertThat(exchange.body().length()).isEqualTo(MODEL.length() + 6);
        assertThat(exchange.passing().boundary()).isEqualTo("B0");
        assertThat(exchange.passing().ended()).isFalse();
    }

    @Test
    void looksAtTheRestOfAFormAsItGoesOn() {
        begin(FORM);
        send(MODEL + "--B0");
        assertThat(run.wentOn()).isTrue();

        Rejection second = next("\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm2\r\n--B0--", true);
        assertThat(second.status()).isEqualTo(400);
        assertThat(second.message()).contains("it names its model twice");
    }

    @Test
    void refusesARestThatIsCutOff() {
        begin(FORM);
        send(MODEL + "--B0");
        assertThat(run.wentOn()).isTrue();

        assertThat(next("\r\n", true).message()).contains("the last delimiter is missing");
    }

    @Test
    void holdsAFormWhoseModelComesLateBeyondTheWindow() {
        begin(FORM);
        String file = FILE + "x".repeat(HELD - FILE.length());
        send(file);
        assertThat(run.refusals).isEmpty();
        send("\r\n" + MODEL + "--B0--");

        assertThat(run.refusal()).as("the piece that would be too much").isNotNull();
    }

    @Test
    void handsALateModelOn() {
        begin(FORM);
        String file = FILE + "x".repeat(20) + "\r\n";
        assertThat(file.length()).isGreaterThan(WINDOW);
        send(file);
        assertThat(run.wentOn()).isFalse();
        sendLast(MODEL + "--B0--");

        assertThat(run.wentOn()).isTrue();
        assertThat(exchange.modelAsked()).isEqualTo("m1");
        assertThat(exchange.passing().ended()).isTrue();
    }

    @Test
    void saysToSendTheModelFirstWhenTheFileIsTooLong() {
        begin(FORM);
        send(FILE + "x".repeat(HELD - FILE.length()));
        assertThat(run.refusals).isEmpty();
        send("x");

        Rejection refusal = run.refusal();
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.param()).isEqualTo("model");
        assertThat(refusal.message()).startsWith("Send model before file");
        assertThat(exchange.body()).isNull();
    }

    @Test
    void leavesAFormWithoutAModelToRouting() {
        begin(FORM);
        sendLast(FILE + "x\r\n--B0--");

        assertThat(run.wentOn()).isTrue();
        assertThat(exchange.modelAsked()).isNull();
    }

    @Test
    void refusesAMalformedFormAtTheFirstByteThatProvesIt() {
        begin(FORM);
        send("--B");
        assertThat(run.refusals).isEmpty();
        send("1");

        assertThat(run.refusal().message()).isEqualTo("The form is refused: it must begin with a delimiter.");
        assertThat(exchange.body()).isNull();
        stage.over(Outcome.REJECTED);

        begin(FORM);
        sendLast(MODEL + "--B0--");
        assertThat(run.wentOn()).as("the next one").isTrue();
    }

    @Test
    void refusesAFormThatItHasNoRoomToHold() {
        budget.take(ROOM, false);
        begin(FORM);
        send(FILE);
        budget.giveBack(ROOM, false);

        assertThat(run.refusal().status()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '!', textBlock = """
            multipart/form-data; boundary=B0                    | true
            Multipart/Form-Data;Boundary="B0"                   | true
            multipart/form-data; charset=utf-8; boundary=B0     | true
            multipart/form-data; boundary=B0;                   | true
            multipart/form-data;; boundary=B0 ; ; charset=utf-8 | true
            multipart/form-data; boundary=B0;; boundary=B1      | false
            multipart/form-data;                                | false
            multipart/form-data                                 | false
            multipart/form-data; boundary=                      | false
            multipart/form-data; boundary=""                    | false
            multipart/form-data; boundary="B 0"                 | false
            multipart/form-data; boundary="B0\\""               | false
            multipart/form-data; boundary=B0; boundary=B1       | false
            multipart/form-data; boundary=B0; boundary*=''B1    | false
            multipart/form-data; boundary=B0; charset=utf-16    | false
            multipart/form-data; boundary=B0,                   | false
            multipart/form-datax; boundary=B0                   | false
            multipart/mixed; boundary=B0                        | false
            text/json                                           | false
            """)
    void takesFormsWithOneSoundBoundary(String type, boolean taken) {
        begin(FORM, "Content-Type", type);
        if (taken) {
            sendLast(MODEL + "--B0--");
            assertThat(run.wentOn()).isTrue();
        } else {
            assertThat(run.refusal().status()).isEqualTo(415);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '!', textBlock = """
            name="model"__a_--B0_D: form-data; name="model"__a_--B0-- | model
            name="Model"__a_--B0--                                    | model
            name="model"; filename="f"__a_--B0--                      | model
            name="model"_Content-Type: image/png__a_--B0--            | model
            name="model"___--B0--                                     | model
            name="model"__a_b_--B0--                                  | model
            name="model"__a                                           | !!
            name="model"__a_--B0x                                     | !!
            name="file"; filename="f"__a_--B0x                        | !!
            """)
    void saysThatAFaultIsTheModels(String form, String param) {
        begin(FORM);
        sendLast(DELIMITER + form.replace("D:", "Content-Disposition:").replace("_", "\r\n"));

        Rejection refusal = run.refusal();
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.param()).isEqualTo(param.isEmpty() ? null : param);
    }

    @Test
    void refusesAFormWithoutAModelWhereTheApiHasNone() {
        for (Operation operation : List.of(StandardOperations.TRANSCRIPTIONS, StandardOperations.TRANSLATIONS)) {
            for (String form : List.of("--B0--", FILE + "x\r\n--B0--")) {
                begin(operation);
                sendLast(form);
                assertThat(run.refusal()).isEqualTo(Rejection.missingModel());
            }
            // Azure's resources have it in the path.
            enter(request(operation), new Target(operation, ApiFamily.OPENAI, null, "deployed"));
            sendLast(FILE + "x\r\n--B0--");
            assertThat(run.wentOn()).isTrue();
        }
        begin(StandardOperations.IMAGE_EDITS);
        sendLast(FILE + "x\r\n--B0--");
        assertThat(run.wentOn()).isTrue();
    }

    @Test
    void refusesFormsThatArePackedOrOfNoOneType() {
        begin(FORM, "Content-Encoding", "gzip");
        assertThat(run.refusal().status()).isEqualTo(415);
        HttpRequest request = request(FORM);
        request.headers().remove("Content-Type");
        enter(request, FORM);
        assertThat(run.refusal().status()).isEqualTo(415);
        request = request(FORM);
        request.headers().add("Content-Type", "multipart/form-data; boundary=B0");
        enter(request, FORM);
        assertThat(run.refusal().status()).isEqualTo(415);
    }

    private void begin(Operation operation, String... fields) {
        HttpRequest request = request(operation);
        for (int i = 0; i < fields.length; i += 2) {
            request.headers().set(fields[i], fields[i + 1]);
        }
        enter(request, operation);
    }

    private static HttpRequest request(Operation operation) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, operation.path());
        request.headers().set("Content-Type", "multipart/form-data; boundary=B0");
        return request;
    }

    private void enter(HttpRequest request, Operation operation) {
        enter(request, new Target(operation, ApiFamily.OPENAI, null, null));
    }

    private void enter(HttpRequest request, Target target) {
        if (exchange != null) {
            exchange.end(Outcome.COMPLETED);
        }
        exchange = new Exchange(request, target, new NoPolicy());
        exchange.authenticated(new Principal("test", Principal.Role.CLIENT));
        stage.enter(exchange, run);
    }

    private void send(String text) {
        stage.body(buffer(text), false);
    }

    private void sendLast(String text) {
        stage.body(buffer(text), true);
    }

    /** What the one who has the exchange then is told of its next piece. */
    private Rejection next(String text, boolean last) {
        return exchange.passing().next(Unpooled.copiedBuffer(text, ISO_8859_1), last);
    }

    private ByteBuf buffer(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        ByteBuf buffer =
                run.client.alloc().directBuffer(bytes.length, bytes.length).writeBytes(bytes);
        sent.add(buffer);
        return buffer;
    }

    private record NoPolicy() implements Policy {

        @Override
        public Keys keys() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Routes routes() {
            throw new UnsupportedOperationException();
        }
    }
}
