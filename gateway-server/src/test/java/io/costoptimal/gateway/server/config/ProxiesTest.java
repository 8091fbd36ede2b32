package io.costoptimal.gateway.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which proxy a provider is reached through. */
class ProxiesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            http://proxy:3128                | proxy:3128    | -   | -
            http://proxy.test                | proxy.test:80 | -   | -
            proxy:3128                       | proxy:3128    | -   | -
            http://my_proxy:3128/            | my_proxy:3128 | -   | -
            http://[::1]:3128                | [::1]:3128    | -   | -
            http://u:p@proxy:3128            | proxy:3128    | u   | p
            http://u%40x:a%3Ab%2Bc+d@h_1:1   | h_1:1         | u@x | a:b+c+d
            u:p@proxy:3128                   | proxy:3128    | u   | p
            http://u@proxy:3128              | proxy:3128    | u   | ''
            none                             | -             | -   | -
            direct                           | -             | -   | -
            """)
    void readsTheProxyOfAProvider(String written, String shown, String user, String password) {
        Proxy proxy = proxy("https://api.test/v1", written, Map.of("HTTPS_PROXY", "http://other:1"));

        assertThat(proxy == null ? null : proxy.toString()).isEqualTo(shown);
        assertThat(proxy == null ? null : proxy.user()).isEqualTo(user);
        assertThat(proxy == null ? null : proxy.password()).isEqualTo(password);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            https://api.test/v1   | HTTPS_PROXY=http://p:1                          | p:1
            https://api.test/v1   | https_proxy=http://p:1                          | p:1
            https://api.test/v1   | HTTPS_PROXY=http://p:1;https_proxy=http://q:1   | p:1
            https://api.test/v1   | HTTPS_PROXY=;https_proxy=http://q:1             | q:1
            https://api.test/v1   | HTTP_PROXY=http://p:1                           | -
            http://api.test/v1    | HTTP_PROXY=http://p:1                           | p:1
            http://api.test/v1    | http_proxy=p:1                                  | p:1
            http://api.test/v1    | HTTPS_PROXY=http://p:1                          | -
            https://api.test/v1   | HTTPS_PROXY=http://p:1;NO_PROXY=api.test        | -
            https://api.test/v1   | HTTPS_PROXY=http://p:1;no_proxy=api.test        | -
            http://localhost:1/v1 | HTTP_PROXY=http://p:1                           | -
            http://127.0.0.9:1/v1 | HTTP_PROXY=http://p:1                           | -
            http://[::1]:1/v1     | HTTP_PROXY=http://p:1                           | -
            """)
    void takesTheProxyOfTheEnvironment(String base, String environment, String shown) {
        Map<String, String> variables = Arrays.stream(environment.split(";"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        Proxy proxy = proxy(base, null, variables);

        assertThat(proxy == null ? null : proxy.toString()).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *                      | https://api.test          | true
            api.test               | https://api.test          | true
            API.test               | https://Api.Test          | true
            test                   | https://api.test          | true
            pi.test                | https://api.test          | false
            .test                  | https://api.test          | true
            *.test                 | https://api.test          | true
            .api.test              | https://api.test          | false
            other, api.test        | https://api.test          | true
            other api.test         | https://api.test          | true
            api.test:443           | https://api.test          | true
            api.test:8443          | https://api.test          | false
            api.test:8443          | https://api.test:8443     | true
            my_llm                 | http://my_llm:8000        | true
            10.0.0.0/8             | http://10.1.2.3           | true
            10.0.0.0/15            | http://10.2.0.1           | false
            10.0.0.0/33            | http://10.0.0.0           | true
            10.0.0.0/x             | http://10.0.0.0           | false
            10.0.0.0/8             | http://10.test            | false
            10.1.2.3               | http://10.1.2.3:9         | true
            10.1.2.3:8             | http://10.1.2.3:9         | false
            fd00::/8               | http://[fd12::1]:9        | true
            fe00::/8               | http://[fd12::1]:9        | false
            fd12::1                | http://[fd12:0::1]:9      | true
            [fd12::1]:9            | http://[fd12::1]:9        | true
            ,                      | http://api.test           | false
            """)
    void reachesDirectlyWhatNoProxyLists(String list, String base, boolean directly) {
        Proxy proxy = proxy(base, null, Map.of("HTTPS_PROXY", "p:1", "HTTP_PROXY", "p:1", "NO_PROXY", list));

        assertThat(proxy == null).isEqualTo(directly);
    }

    @Test
    void refusesAProxyItCannotUseWithoutShowingItsPassword() {
        String yaml = """
                api_keys: [k]
                providers:
                  - {id: a, base_url: https://a.test, proxy: "https://u:s3cret@p:1"}
                  - {id: b, base_url: https://b.test, proxy: "socks5://p:1"}
                  - {id: c, base_url: https://c.test, proxy: "http://p:1/path"}
                  - {id: d, base_url: http://d.test}
                  - {id: e, base_url: http://e.test, proxy: none}
                """;
        String expected = " (expected: http://host:port, with user:password@ before the host if it asks for them";

        assertThat(Configs.problems(
                        yaml.getBytes(StandardCharsets.UTF_8), Map.of("http_proxy", "socks5://u:s3cret@p:1")))
                .containsExactly(
                        "gateway.yaml:3:46: proxy: ***" + expected + ")",
                        "gateway.yaml:4:46: proxy: socks5://p:1" + expected + ")",
                        "gateway.yaml:5:46: proxy: http://p:1/path" + expected + ")",
                        "gateway.yaml:6:5: HTTP_PROXY in the environment: ***" + expected
                                + "; or proxy: none for this provider)");
    }

    private static Proxy proxy(String base, String proxy, Map<String, String> environment) {
        String yaml = "api_keys: [k]\nproviders: [{id: p, base_url: \"%s\"%s}]\n"
                .formatted(base, proxy == null ? "" : ", proxy: \"" + proxy + '"');
        return Configs.load(yaml, environment)
                .routing()
                .providers()
                .get("p")
                .location()
                .proxy();
    }
}
