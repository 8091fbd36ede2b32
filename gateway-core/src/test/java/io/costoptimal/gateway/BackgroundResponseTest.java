package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.ObjectOwners.Owner;
import io.costoptimal.gateway.exchange.Origin;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.objects.RememberedOwners;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The usage of a response that is made in the background is told by a later answer, and counts once. */
class BackgroundResponseTest {

    private static final String QUEUED = "{'id':'resp_1','status':'queued','background':true,'usage':null}";
    private static final String DONE =
            "{'id':'resp_1','status':'completed','background':true," + "'usage':{'input_tokens':30,'output_tokens':7}}";
    private static final String DONE_AS_EVENTS =
            "data: {'type':'response.created','response':{'id':'resp_1','usage':null}}\n\n"
                    + "data: {'type':'response.completed','response':{'id':'resp_1','usage':{'input_tokens':30,'output_tokens':7}}}\n\n";
    private static final Usage USED = Usage.of(30, 7);

    private final RememberedOwners owners = new RememberedOwners(10);
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private volatile String answer;
    private ScriptedOrigin provider;
    private Gateway gateway;

    /** What a report says of usage. */
    private record Told(String id, long startedMillis, Usage usage, Usage possible, Origin origin) {
        static Told of(ExchangeReport exchange) {
            return new Told(
                    exchange.id(),
                    exchange.startedMillis(),
                    exchange.usage(),
                    exchange.accounted().possible(),
                    exchange.origin());
        }
    }

    @BeforeEach
    void start() throws Exception {
        provider = ScriptedOrigin.start(connection -> {
            while (true) {
                connection.readRequest();
                String body = answer.replace('\'', '"');
                connection.send("HTTP/1.1 200 OK\r\nContent-Type: "
                        + (body.startsWith("{") ? "application/json" : "text/event-stream") + "\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body);
            }
        });
        Provider keeps = TestGateway.provider(provider.port());
        RouteTable table = new RouteTable(
                Map.of(),
                List.of(new ModelRoutes("m*", List.of(new Candidate(keeps, "sent")), List.of(), null)),
                keeps,
                RetryOn.ALL,
                new RouteTable.Unnamed(List.of(), Map.of(keeps.id(), keeps)));
        GatewayListener listener = new GatewayListener() {
            @Override
            public void exchangeEnded(ExchangeReport exchange) {
                told.add(Told.of(exchange));
            }

            @Override
            public boolean wantsUsageCounted() {
                return true;
            }
        };
        gateway = Gateway.start(
                List.of(Listener.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
                GatewaySettings.defaults().withEventLoops(1),
                TestGateway.snapshot(table),
                new Services(listener, exchange -> new LocalAnswer(200, "text/plain", new byte[0])).withOwners(owners));
    }

    @AfterEach
    void stop() {
        gateway.close();
        provider.close();
    }

    private Told ask(String answered, String method, String path, String body) throws Exception {
        answer = answered;
        try (RawClient client = RawClient.connect(gateway.address().getPort())) {
            client.send(method + ' ' + path + " HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body.replace('\'', '"'));
            assertThat(client.readMessage()).endsWith(answered.replace('\'', '"'));
        }
        Told end = told.poll(20, TimeUnit.SECONDS);
        assertThat(end).isNotNull();
        return end;
    }

    private Told begin(String answered, String more) throws Exception {
        return ask(
                answered,
                "POST",
                "/v1/responses",
                "{'model':'model','input':'x','max_output_tokens':9,'background':true" + more + "}");
    }

    private Told get(String answered) throws Exception {
        return ask(answered, "GET", "/v1/responses/resp_1", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {DONE, DONE_AS_EVENTS})
    void theFirstAnswerThatTellsTheUsageTellsItForTheRequestThatHasBegunTheResponse(String done) throws Exception {
        Told begun = begin(QUEUED, "");
        assertThat(begun.usage()).isNull();
        assertThat(begun.origin()).isNull();
        assertThat(begun.possible().output().tokens()).isEqualTo(9);

        for (int i = 0; i < 2; i++) {
            Told waiting = get(QUEUED);
            assertThat(waiting.usage()).isNull();
            assertThat(waiting.origin()).isNull();
        }

        Told first = get(done);
        assertThat(first.usage()).isEqualTo(USED);
        assertThat(first.origin()).isEqualTo(new Origin(begun.startedMillis(), begun.id(), 1, "m*", "sent"));

        Told second = get(done);
        assertThat(second.usage()).isNull();
        assertThat(second.origin()).isNull();
    }

    @Test
    void aStreamThatIsReadToItsEndTellsTheUsageItself() throws Exception {
        assertThat(begin(DONE_AS_EVENTS, ",'stream':true").usage()).isEqualTo(USED);

        assertThat(get(DONE).usage()).isNull();
    }

    @Test
    void aStreamThatEndsEarlyIsTakenUpByALaterAnswer() throws Exception {
        String cut = DONE_AS_EVENTS.substring(0, DONE_AS_EVENTS.indexOf("data: {'type':'response.completed'"));
        assertThat(begin(cut, ",'stream':true").usage()).isNull();

        Told later = get(DONE);
        assertThat(later.usage()).isEqualTo(USED);
        assertThat(later.origin()).isNotNull();
    }

    @Test
    void whatIsNotMadeInTheBackgroundIsNotChargedAgainWhenItIsRead() throws Exception {
        assertThat(ask(DONE, "POST", "/v1/responses", "{'model':'model','input':'x'}")
                        .usage())
                .isEqualTo(USED);

        assertThat(get(DONE).usage()).isNull();
        assertThat(get(DONE_AS_EVENTS).usage()).isNull();
    }

    @Test
    void nothingIsRememberedOfAResponseThatIsNotStored() throws Exception {
        ask(DONE, "POST", "/v1/responses", "{'model':'model','input':'x','store':false}");

        assertThat(owners.of("resp_1")).isEmpty();
        ask(
                DONE,
                "POST",
                "/v1/responses",
                "{'model':'model','input':'x','store':false,'tools':[{'type':'code_interpreter'}]}");
        assertThat(owners.of("resp_1")).extracting(Owner::key).containsExactly("test");
    }
}
