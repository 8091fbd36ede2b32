package io.costoptimal.gateway.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.exchange.Proxy;
import io.costoptimal.gateway.server.simulator.SeenRequest;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import io.costoptimal.gateway.testing.Constant;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.converter.ConvertWith;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is fetched from a default provider, and what happens when it fails. */
@Timeout(60)
class RemoteModelsTest {

    private static final String TOKEN = "canary-token";

    @ParameterizedTest
    @CsvSource({
        "OPENAI, authorization, Bearer canary-token, /v1/models",
        "ANTHROPIC, x-api-key, canary-token, /v1/models?limit=1000",
        "AZURE, api-key, canary-token, /openai/models?api-version=2024-10-21"
    })
    void fetchesWithTheCredentialOfTheKind(
            @ConvertWith(Constant.class) ProviderKind kind, String header, String value, String uri) throws Exception {
        SimulatorSettings settings = SimulatorSettings.DEFAULTS
                .requiring(TOKEN)
                .offering(List.of("m-2", "m-1"))
                .remembering(1);
        try (SimulatedProvider simulated = SimulatedProvider.start(settings)) {
            List<ListedModel> models = fetch(provider(kind, simulated.base(), Map.of("x-team", "t")));

            assertThat(models).extracting(ListedModel::id).containsExactly("m-2", "m-1");
            assertThat(models).extracting(ListedModel::created).containsOnly(1_767_225_600L);
            SeenRequest seen = simulated.seen().get(0);
            assertThat(seen.uri()).isEqualTo(uri);
            assertThat(seen.header(header)).isEqualTo(value);
            assertThat(seen.header("x-team")).isEqualTo("t");
            assertThat(seen.header("upgrade")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, http://h/v1, http://h/v1/models",
        "OPENAI, http://h/v1/, http://h/v1/models",
        "OPENAI, http://h/team, http://h/team/models",
        "AZURE, http://h/openai/v1, http://h/openai/v1/models?api-version=2024-10-21",
        "AZURE, http://h/openai/deployments/d, http://h/openai/models?api-version=2024-10-21",
        "ANTHROPIC, http://h, http://h/v1/models?limit=1000"
    })
    void joinsTheBaseWithoutDoubling(@ConvertWith(Constant.class) ProviderKind kind, URI base, URI expected) {
        assertThat(ModelFetch.uri(provider(kind, base, Map.of()), null)).isEqualTo(expected);
    }

    @Test
    void followsPagesToTheLast() throws Exception {
        HttpServer server = server(
                exchange -> exchange.contains("after_id=a%2F1")
                        ? "{\"data\":[{\"id\":\"b\"}],\"has_more\":false,\"last_id\":\"b\"}"
                        : "{\"has_more\":true,\"last_id\":\"a/1\",\"data\":[{\"id\":\"a/1\",\"x\":{\"y\":[1]}},{},\"z\",{\"id\":7}]}");
        try {
            assertThat(fetch(provider(ProviderKinds.ANTHROPIC, base(server), Map.of())))
                    .extracting(ListedModel::id)
                    .containsExactly("a/1", "b");
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "{}", "{\"data\":7}", "{\"data\":[{\"id\":\"a\"}", "<html>"})
    void refusesWhatIsNoList(String body) throws Exception {
        HttpServer server = server(exchange -> body);
        try {
            Provider provider = provider(ProviderKinds.OPENAI, base(server), Map.of());
            assertThatThrownBy(() -> fetch(provider)).isInstanceOf(IOException.class);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void givesUpOnAnAnswerWithoutEnd() throws Exception {
        HttpServer server = server(exchange -> "{\"data\":[" + " ".repeat(9 << 20) + "]}");
        try {
            Provider provider = provider(ProviderKinds.OPENAI, base(server), Map.of());
            assertThatThrownBy(() -> fetch(provider)).hasMessageContaining("larger than");
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"500", "401", "close", "malformed"})
    void goesFromAFailingProviderToTheNext(String fault) throws Exception {
        BlockingQueue<List<ListedModel>> lists = new LinkedBlockingQueue<>();
        try (SimulatedProvider simulated = SimulatedProvider.start(SimulatorSettings.DEFAULTS);
                RemoteModels remote = new RemoteModels(List.of(), lists::add, Duration.ofHours(1))) {
            remote.follow(provider(ProviderKinds.OPENAI, simulated.base(), Map.of("x-sim-fault", fault)));
            assertThat(next(lists)).isEmpty();
            Provider good = provider(ProviderKinds.OPENAI, simulated.base(), Map.of());
            remote.follow(good);
            assertThat(next(lists)).as("a new provider starts over").isEmpty();
            assertThat(next(lists)).hasSize(2);
            long requests = simulated.counts().requests();
            remote.follow(good);
            remote.follow(null);
            assertThat(next(lists)).isEmpty();
            assertThat(simulated.counts().requests())
                    .as("the same provider is not asked again")
                    .isEqualTo(requests);
        }
    }

    @Test
    void keepsTheOldListWhileTheProviderFails() throws Exception {
        BlockingQueue<List<ListedModel>> lists = new LinkedBlockingQueue<>();
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = server(uri -> switch (asked.incrementAndGet()) {
            case 1 -> "{\"data\":[{\"id\":\"old\"}]}";
            case 2, 3 -> "no list";
            default -> "{\"data\":[{\"id\":\"new\"}]}";
        });
        try (RemoteModels remote = new RemoteModels(List.of(), lists::add, Duration.ofMillis(1))) {
            remote.follow(provider(ProviderKinds.OPENAI, base(server), Map.of()));

            assertThat(next(lists)).isEmpty();
            assertThat(next(lists)).extracting(ListedModel::id).containsExactly("old");
            assertThat(next(lists)).extracting(ListedModel::id).containsExactly("new");
            assertThat(asked).hasValueGreaterThanOrEqualTo(4);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void asksThroughTheProxyOfTheProvider() throws Exception {
        try (ScriptedOrigin proxy = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n\r\n");
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\ncontent-length: 23\r\n\r\n{\"data\":[{\"id\":\"far\"}]}");
            connection.readToEnd();
        })) {
            Provider direct = provider(ProviderKinds.OPENAI, URI.create("http://my_llm.invalid:8000/v1"), Map.of());
            Provider behind = direct.at(
                    new Location(direct.base(), Location.Join.SDK, new Proxy("127.0.0.1", proxy.port(), "u", "p")));

            assertThat(fetch(behind)).extracting(ListedModel::id).containsExactly("far");
            ScriptedOrigin.Connection seen = proxy.next();
            assertThat(seen.nextRequest())
                    .startsWith("CONNECT my_llm.invalid:8000 HTTP/1.1\r\n")
                    .contains("\r\nproxy-authorization: Basic dTpw\r\n");
            assertThat(seen.nextRequest())
                    .startsWith("GET /v1/models HTTP/1.1\r\nhost: my_llm.invalid:8000\r\n")
                    .doesNotContain("proxy-");
        }
    }

    /** Without a length, the end of the connection ends the answer. */
    @Test
    void readsAnAnswerThatEndsWithTheConnection() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n\r\n{\"data\":[{\"id\":\"m\"}]}");
        })) {
            URI base = URI.create("http://127.0.0.1:" + origin.port());

            assertThat(fetch(provider(ProviderKinds.OPENAI, base, Map.of())))
                    .extracting(ListedModel::id)
                    .containsExactly("m");
        }
    }

    @Test
    void neverSaysTheCredentialItCannotSend() {
        Provider provider = provider(ProviderKinds.OPENAI, URI.create("http://127.0.0.1:1"), Map.of("bad name", TOKEN));

        assertThatThrownBy(() -> fetch(provider))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining(TOKEN)
                .hasNoCause();
    }

    private static List<ListedModel> fetch(Provider provider) throws Exception {
        try (ModelFetch fetch = new ModelFetch(List.of())) {
            return fetch.from(provider);
        }
    }

    private static List<ListedModel> next(BlockingQueue<List<ListedModel>> lists) throws InterruptedException {
        return lists.poll(20, TimeUnit.SECONDS);
    }

    private static Provider provider(ProviderKind kind, URI base, Map<String, String> headers) {
        return new Provider(
                "default", kind, base, new Provider.Access(TOKEN, "2024-10-21", headers), Duration.ofSeconds(5));
    }

    private static HttpServer server(UnaryOperator<String> answers) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body =
                    answers.apply(String.valueOf(exchange.getRequestURI())).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static URI base(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }
}
