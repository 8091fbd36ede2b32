package io.costoptimal.gateway.server.config;

import static io.costoptimal.gateway.server.config.Configs.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenTest {

    @ParameterizedTest
    @CsvSource({
        "gateway.test:80, gateway.test:80, gateway.test:80",
        "[::1]:0, [::1]:0, [::1]:0",
        ":8080, 0.0.0.0:8080, 127.0.0.1:8080",
        "8080, 0.0.0.0:8080, 127.0.0.1:8080",
    })
    void clientsAreListenedToEverywhereAndAdministratorsOnLoopbackUnlessAHostIsGiven(
            String text, String listen, String admin) {
        assertThat(Configs.load(LEAST + "listen: '" + text + "'\n").server().listen())
                .hasToString(listen);
        assertThat(Configs.load(LEAST + "listen: h:1\nadmin: {listen: '" + text + "', insecure: true}\n")
                        .server()
                        .admin()
                        .listen())
                .hasToString(admin);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:1, true",
        "127.1.2.3:1, true",
        "'[::1]:1', true",
        "0.0.0.0:1, false",
        "10.0.0.1:1, false",
        "localhost.test:1, false",
        "127.0.0.1.test:1, false",
        "'[::]:1', false",
    })
    void administratorsAreListenedToBeyondLoopbackOnlyWhenTheFileSaysThatItIsInsecure(String admin, boolean fits) {
        String file = LEAST + "listen: 127.0.0.1:2\nadmin: {listen: '" + admin + "'%s}\n";

        assertThat(Configs.problems(file.formatted(""))).hasSize(fits ? 0 : 1);
        assertThat(Configs.problems(file.formatted(", insecure: true"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "::1:80", "http://h:1", "h:", "h:-1", "h:99999", "[h]:1", "h h:1"})
    void everythingElseIsRefused(String text) {
        assertThat(Configs.problems(LEAST + "listen: '" + text + "'\n"))
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:3:9: listen: " + text + " (expected: ");
    }
}
