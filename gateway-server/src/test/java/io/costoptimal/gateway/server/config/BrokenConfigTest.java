package io.costoptimal.gateway.server.config;

import static io.costoptimal.gateway.server.config.Configs.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BrokenConfigTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource({"shapes", "values", "references", "accessRows", "strategies"})
    void saysWhereAndWhat(String what, String yaml, List<String> expected) {
        assertThat(Configs.problems(yaml)).containsExactlyElementsOf(expected);
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                row("misspelt key", LEAST + "modles: []\n", "3:1: unknown key: modles (nearest: models)"),
                row(
                        "misspelt key deep down",
                        LEAST + """
                        models:
                          - model: m
                            providers: [a]
                            rules:
                              - rule: TokenCount > 1
                                provider: [a]
                        """,
                        "7:9: missing key: providers",
                        "8:9: unknown key: provider (nearest: providers)"),
                row("misspelt limit", LEAST + "limits: {boddy: 1mb}\n", "3:10: unknown key: boddy (nearest: body)"),
                row(
                        "duplicate key",
                        LEAST + "debug: true\ndebug: false\n",
                        "4:1: duplicate key: debug (first in line 3)"),
                row("list where a map belongs", LEAST + "admin: [x]\n", "3:8: admin: a list (expected: a map)"),
                row(
                        "map where a list belongs",
                        LEAST + "alias: {fast: slow}\n",
                        "3:8: alias: a map (expected: a list)"),
                row("text where a map belongs", LEAST + "models: [m]\n", "3:10: models: m (expected: a map)"),
                row(
                        "a key that is a list",
                        LEAST + "? [a]\n: b\n",
                        "3:3: a key that is a list or a map (expected: a name)"),
                row(
                        "tab",
                        LEAST + "limits:\n\tbody: 1\n",
                        "4:1: not YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)"),
                row(
                        "unclosed bracket",
                        LEAST + "models: [\n",
                        "4:1: not YAML: expected the node content, but found '<stream end>'"),
                row(
                        "missing keys",
                        "listen: 127.0.0.1:1\n",
                        "1:1: missing key: api_keys",
                        "1:1: missing key: providers"),
                row("empty", "# nothing\n", ": empty (expected: a map)"),
                row("not a map", "- a\n", ": not a map (expected: keys and values)"));
    }

    static Stream<Arguments> values() {
        return Stream.of(
                row("yes is text", LEAST + "debug: yes\n", "3:8: debug: yes (expected: true or false)"),
                row(
                        "a quoted boolean",
                        LEAST + "cleanup_enabled: 'true'\n",
                        "3:18: cleanup_enabled: true (expected: true or false)"),
                row(
                        "octal",
                        LEAST + "listen: localhost:0123\n",
                        "3:9: listen: localhost:0123 (expected: host:port, [v6]:port, :port or port)"),
                row(
                        "port too high",
                        LEAST + "listen: :65536\n",
                        "3:9: listen: :65536 (expected: a port from 0 to 65535)"),
                row(
                        "a clock is no duration",
                        LEAST + "timeouts: {connect: 12:30}\n",
                        "3:21: connect: 12:30 (expected: a duration such as 30, 30s, 500ms, 2m or 1h)"),
                row(
                        "underscores",
                        LEAST + "limits: {client_connections: 1_000}\n",
                        "3:30: client_connections: 1_000 (expected: a number)"),
                row("zero", LEAST + "timeouts: {head: 0}\n", "3:18: head: 0 (expected: 1ms to 24h)"),
                row(
                        "negative",
                        LEAST + "timeouts: {head: -3}\n",
                        "3:18: head: -3 (expected: a duration such as 30, 30s, 500ms, 2m or 1h)"),
                row("absurd", LEAST + "limits: {body: 9999gb}\n", "3:16: body: 9999gb (expected: 1kb to 1gb)"),
                row(
                        "overflow",
                        LEAST + "limits: {body: 9999999999999gb}\n",
                        "3:16: body: 9999999999999gb (expected: 1kb to 1gb)"),
                row(
                        "held less than one body",
                        LEAST + "limits: {body: 64mb, held_bodies: 1mb}\n",
                        "3:35: held_bodies: 1mb (expected: at least limits.body, 64mb)"),
                row(
                        "a quoted number",
                        LEAST + "event_loops: '2'\n",
                        "3:14: event_loops: 2 (expected: a number without quotes)"),
                row(
                        "transport",
                        LEAST + "transport: uring\n",
                        "3:12: transport: uring (expected: auto, epoll, io_uring, nio)"),
                row(
                        "status",
                        LEAST + "retry_on: [5xx, 200]\n",
                        "3:17: retry_on: 200 (expected: connect_error, no_answer, timeout, 4xx, 5xx or a status from 400 to 599)"),
                row("retention", LEAST + "retention_days: 0\n", "3:17: retention_days: 0 (expected: 1 to 36500)"),
                row(
                        "certificates",
                        LEAST + "tls:\n  ca_file: nowhere.pem\n",
                        "4:12: ca_file: nowhere.pem (expected: a file that can be read)"));
    }

    static Stream<Arguments> strategies() {
        return Stream.of(
                row(
                        "a strategy that there is not",
                        model("strategy: fastest, providers: [a]"),
                        "3:31: strategy: fastest (expected: ordered, cheapest, weighted)"),
                row(
                        "affinity of another kind",
                        model("strategy: cheapest, affinity: session, providers: [a]"),
                        "3:51: affinity: session (expected: none or conversation)"),
                row(
                        "weights that leave nobody",
                        model("strategy: weighted, providers: [{provider: a, weight: 0}]"),
                        "3:52: weight: 0 for every candidate (expected: one above 0)"),
                row(
                        "a negative weight",
                        model("strategy: weighted, providers: [{provider: a, weight: -1}]"),
                        "3:75: weight: -1 (expected: a number)"),
                row(
                        "a weight in a map of names",
                        model("providers: {a: x}, weight: 2"),
                        "3:40: unknown key: weight (it belongs under models[].providers[] or under models[].rules[].providers[])"),
                row(
                        "a rule that refuses and routes",
                        model("rules: [{rule: Stream, providers: [a], reject: {message: No.}}], providers: [a]"),
                        "3:55: providers: the rule refuses what it matches (expected: providers or reject, not both)"),
                row(
                        "a price of a provider that is no candidate",
                        model("providers: [a], rules: [{rule: 'Stream && Cost(\"b\") < 1', providers: [a]}]"),
                        "3:68: rule: Cost(\"b\"): the model has no such candidate"),
                row(
                        "a refusal that says nothing",
                        model("rules: [{rule: Stream, reject: {}}], providers: [a]"),
                        "3:52: missing key: message"),
                row(
                        "a refusal with a status that is none",
                        model("rules: [{rule: Stream, reject: {status: 500, message: No.}}], providers: [a]"),
                        "3:61: status: 500 (expected: 400 to 499, or 503)"),
                row(
                        "a refusal that is a success",
                        model("rules: [{rule: Stream, reject: {status: 200, message: No.}}], providers: [a]"),
                        "3:61: status: 200 (expected: 400 to 503)"),
                row(
                        "a refusal on two lines",
                        model("rules: [{rule: Stream, reject: {message: \"a\\nb\"}}], providers: [a]"),
                        "3:62: message: a b (expected: 1 to 500 characters on one line)"));
    }

    private static String model(String keys) {
        return LEAST + "models: [{model: m, " + keys + "}]\n";
    }

    static Stream<Arguments> references() {
        return Stream.of(
                row("unknown provider", LEAST + "default_provider: c\n", "3:19: unknown provider: c (nearest: a)"),
                row("unknown provider in a rule's map", LEAST + """
                        models:
                          - model: m
                            rules:
                              - {rule: TokenCount > 1, providers: {a: x, bb: y}}
                        """, "6:50: unknown provider: bb (nearest: b)"),
                row("unknown alias target", LEAST + """
                        models: [{model: gpt-4o, providers: [a]}]
                        alias: [{model: fast, target: gtp-4o}]
                        """, "4:31: unknown model: gtp-4o (nearest: gpt-4o)"),
                row("alias cycle", LEAST + """
                        alias:
                          - {model: x, target: y}
                          - {model: y, target: x}
                        """, "4:24: target: y leads back to x", "5:24: target: x leads back to y"),
                row(
                        "alias that hides a model",
                        LEAST + """
                        models: [{model: m, providers: [a]}]
                        alias: [{model: m, target: m}]
                        """,
                        "4:17: model: m (expected: a name that no model has; the alias would hide it)"),
                row("model twice", LEAST + """
                        models:
                          - {model: m, providers: [a]}
                          - {model: m, providers: [b]}
                        """, "5:13: model: m (expected: a model that is not in the list already)"),
                row(
                        "model that nothing serves",
                        LEAST + "models:\n  - model: m\n",
                        "4:5: nothing serves this model (expected: providers, rules or a default_provider)"),
                row(
                        "candidate twice",
                        LEAST + "models: [{model: m, providers: [a, b, a]}]\n",
                        "3:39: providers: a (expected: each candidate once)"),
                row(
                        "candidate named twice",
                        LEAST + "models: [{model: m, providers: [{id: a, provider: b}]}]\n",
                        "3:51: provider: id says it already"),
                row(
                        "admin where clients are",
                        LEAST + "listen: 127.0.0.1:9\nadmin: {listen: \":9\"}\n",
                        "4:17: listen: :9 (expected: another address than listen has)"),
                row(
                        "admin beyond loopback",
                        LEAST + "admin: {listen: \"0.0.0.0:9\"}\n",
                        "3:17: listen: 0.0.0.0:9 (expected: an address of loopback, or tls or insecure: true beside it, because"
                                + " keys and sessions would pass the network as they are)"),
                row(
                        "admin's name with a port",
                        LEAST + "admin: {listen: \"9\", hosts: [\"a.test:9\"]}\n",
                        "3:30: hosts: a.test:9 (expected: a host name or an address, without a port)"));
    }

    static Stream<Arguments> accessRows() {
        String hash = "0".repeat(63);
        return Stream.of(
                row("provider id twice", """
                        api_keys: [k]
                        providers:
                          - {id: a, base_url: http://a.test}
                          - {id: a, base_url: http://b.test}
                        """, "4:10: id: a (expected: an id that no other provider has)"),
                row(
                        "addresses",
                        """
                        api_keys: [k]
                        providers:
                          - {id: a, base_url: ftp://a.test}
                          - {id: b, base_url: "http://:80/v1"}
                          - {id: c, base_url: "https://user:hush@c.test"}
                          - {id: d, base_url: "https://d.test/v1?key=1"}
                          - {id: e, base_url: api.openai.com}
                          - {id: f, base_url: "http://f.test:65536"}
                          - {id: g, base_url: "http://my_llm:0"}
                          - {id: h, base_url: "http://my_llm:x"}
                          - {id: i, base_url: "http://h\u00f6st/v1"}
                          - {id: j, base_url: "http://a_b:80:80"}
                        """,
                        "3:23: base_url: ftp://a.test (expected: http:// or https://)",
                        "4:23: base_url: http://:80/v1 (expected: a URL such as https://api.openai.com/v1)",
                        "5:23: base_url: *** (expected: no user and password; they belong in access_token or headers)",
                        "6:23: base_url: https://d.test/v1?key=1 (expected: no query and no fragment)",
                        "7:23: base_url: api.openai.com (expected: http:// or https://)",
                        "8:23: base_url: http://f.test:65536 (expected: a port from 1 to 65535)",
                        "9:23: base_url: http://my_llm:0 (expected: a port from 1 to 65535)",
                        "10:23: base_url: http://my_llm:x (expected: a port from 1 to 65535)",
                        "11:23: base_url: http://h\u00f6st/v1 (expected: a host of letters, digits, '-', '_' and '.', or an address)",
                        "12:23: base_url: http://a_b:80:80 (expected: a host of letters, digits, '-', '_' and '.', or an address)"),
                row(
                        "header fields",
                        """
                        api_keys: [k]
                        providers:
                          - id: a
                            base_url: http://a.test
                            headers:
                              X Y: hush
                              Content-Length: 5
                              X-A: hush
                              x-a: hush
                              X-B: "hush\\r\\nX-Smuggled: 1"
                        """,
                        "6:7: headers: X Y (expected: the name of a header field)",
                        "7:7: headers: Content-Length (expected: a field that is not the gateway's own to set)",
                        "9:7: headers: x-a (expected: each field once, whatever its case)",
                        "10:12: X-B: *** (expected: visible Latin-1 characters, no line breaks or surrounding spaces)"),
                row(
                        "provider values",
                        """
                        api_keys: [k]
                        providers:
                          - id: a
                            type: gemini
                            base_url: http://a.test
                            timeout: 0
                            api_version: 2024-10-21
                            access_token: "hush "
                        """,
                        "4:11: type: gemini (expected: openai, anthropic, azure)",
                        "6:14: timeout: 0 (expected: 1ms to 24h)",
                        "7:18: api_version: only for type azure",
                        "8:19: access_token: *** (expected: visible Latin-1 characters, no line breaks or surrounding spaces)"),
                row(
                        "keys",
                        """
                        providers: [{id: a, base_url: http://a.test}]
                        models: [{model: gpt-4o, providers: [a]}]
                        api_keys:
                          - hush
                          - {key: hush, name: n}
                          - {key: "sha256:%s", name: n}
                          - {key: "h\\t2", role: root}
                          - {key: hush3, models: [gpt4o]}
                        """.formatted(hash),
                        "5:11: key: *** (expected: a key that is not in the list already)",
                        "6:11: key: *** (expected: 64 hexadecimal digits after sha256:)",
                        "6:91: name: n (expected: a name that no other key has)",
                        "7:11: key: *** (expected: 1 to 1024 characters without line breaks or surrounding spaces, or sha256:<hex>)",
                        "7:25: role: root (expected: client, admin)",
                        "8:27: unknown model: gpt4o (nearest: gpt-4o)"),
                row(
                        "pages",
                        Configs.LEAST + """
                        cors: {origins: ["https://App.example.com", "https://a.example/", app.example.com, "*"], maxage: 1h}
                        """,
                        "3:18: origins: https://App.example.com (expected: an origin in lower case, such as"
                                + " https://app.example.com, or *)",
                        "3:45: origins: https://a.example/ (expected: an origin in lower case, such as"
                                + " https://app.example.com, or *)",
                        "3:67: origins: app.example.com (expected: an origin in lower case, such as"
                                + " https://app.example.com, or *)",
                        "3:90: unknown key: maxage (nearest: max_age)"),
                row(
                        "no pages",
                        Configs.LEAST + "cors: {origins: []}\n",
                        "3:17: origins: a list (expected: at least one item)"),
                row(
                        "no keys",
                        "providers: [{id: a, base_url: http://a.test}]\napi_keys: []\n",
                        "2:11: api_keys: a list (expected: at least one item)"));
    }

    @Test
    void refusesABaseThatCannotStandInARequestLine() {
        assertThat(Configs.problems("api_keys: [k]\nproviders: [{id: a, base_url: http://a.test/caf\u00e9}]\n"))
                .containsExactly(
                        "gateway.yaml:2:31: base_url: http://a.test/caf\u00e9 (expected: a percent-encoded path)");
    }

    @Test
    void findsEveryProblemAtOnce() {
        List<String> problems = Configs.problems("""
                listen: nowhere
                debug: on
                providers:
                  - {id: a, base_url: nope, timeout: never}
                models:
                  - {model: m, providers: [x, y], retry_on: [maybe]}
                limits: {json_depth: 0}
                """);

        assertThat(problems).hasSize(9);
    }

    private static Arguments row(String what, String yaml, String... expected) {
        return Arguments.of(
                what,
                yaml,
                Stream.of(expected)
                        .map(text -> (text.startsWith(":") ? "gateway.yaml" : "gateway.yaml:") + text)
                        .toList());
    }
}
