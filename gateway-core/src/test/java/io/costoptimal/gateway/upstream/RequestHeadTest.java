package io.costoptimal.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.CrossOrigin;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.testing.Constant;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.converter.ConvertWith;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {

    private static final String OPENAI = "https://api.example.com/v1";

    @Test
    void keepsTheClientsFieldsInTheirOrderAndSpelling() {
        String head = written(provider(ProviderKinds.OPENAI, OPENAI, "sk-p"), """
                User-Agent: OpenAI/Python 3.22.1
                X-Stainless-OS: Linux
                accept: application/json
                x-dup: 1
                Content-Type: application/json
                X-DUP: 2
                anthropic-beta: a,b
                x-empty:
                """);

        assertThat(head).isEqualTo("""
                POST /v1/chat/completions HTTP/1.1
                Host: api.example.com
                Authorization: Bearer sk-p
                Content-Length: 17
                User-Agent: OpenAI/Python 3.22.1
                X-Stainless-OS: Linux
                accept: application/json
                x-dup: 1
                Content-Type: application/json
                X-DUP: 2
                anthropic-beta: a,b
                x-empty:\s

                """.replace("\n", "\r\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    OPENAI    | https://h            | Authorization: Bearer t | Host: h
                    ANTHROPIC | https://h:443        | x-api-key: t            | Host: h
                    AZURE     | https://H.Example    | api-key: t              | Host: H.Example
                    OPENAI    | http://h:8080        | Authorization: Bearer t | Host: h:8080
                    OPENAI    | http://h:443         | Authorization: Bearer t | Host: h:443
                    OPENAI    | http://[::1]:8080/v1 | Authorization: Bearer t | Host: [::1]:8080
                    OPENAI    | http://my_llm:8000/v1 | Authorization: Bearer t | Host: my_llm:8000
                    OPENAI    | https://my_llm       | Authorization: Bearer t | Host: my_llm
                    """)
    void writesHostAndCredentialAsTheKindWantsThem(
            @ConvertWith(Constant.class) ProviderKind kind, String base, String credential, String host) {
        assertThat(written(provider(kind, base, "t"), "").lines())
                .contains(host, credential)
                .hasSize(5);
    }

    @Test
    void writesNoCredentialForAProviderThatNeedsNone() {
        assertThat(written(provider(ProviderKinds.OPENAI, OPENAI, (String) null), "")
                        .lines())
                .filteredOn(line -> line.contains(":"))
                .containsExactly("Host: api.example.com", "Content-Length: 17");
    }

    /** Faults B29: the gateway's key in every place a client may put it, and all that would tell who the client is. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Authorization: Bearer gw-key
                    X-API-KEY: gw-key
                    Api-Key: gw-key
                    x-goog-api-key: gw-key
                    Cookie: k=gw-key
                    Proxy-Authorization: Basic gw-key
                    Proxy-Anything: gw-key
                    OpenAI-Organization: gw-key
                    OpenAI-Project: gw-key
                    X-Forwarded-For: gw-key
                    x-forwarded-host: gw-key
                    Forwarded: for=gw-key
                    X-Real-IP: gw-key
                    Host: gw-key
                    Content-Length: 999
                    Transfer-Encoding: chunked
                    Expect: 100-continue
                    Trailer: gw-key
                    TE: trailers
                    Upgrade: gw-key
                    Keep-Alive: timeout=5
                    Proxy-Connection: keep-alive
                    HTTP2-Settings: gw-key
                    Transfer_Encoding: chunked
                    Content_Length: 999
                    content_encoding: gzip
                    ACCEPT_ENCODING: gzip
                    HOST: gw-key
                    X_Api_Key: gw-key
                    X_Gateway-Key: gw-key
                    Api_Key: gw-key
                    x_goog-api_key: gw-key
                    Proxy_Authorization: gw-key
                    X_Forwarded_For: gw-key
                    x_forwarded-anything: gw-key
                    X_Real_IP: gw-key
                    OpenAI_Organization: gw-key
                    Keep_Alive: timeout=5
                    HTTP2_Settings: gw-key
                    Content-Encoding: identity
                    Content_Digest: sha-256=:AA==:
                    content_md5: AA==
                    x-client-ip: gw-key
                    True-Client-IP: gw-key
                    CF-Connecting-IP: gw-key
                    x-portkey-provider: gw-key
                    X-Portkey-Custom-Host: gw-key
                    X_PORTKEY_CONFIG: gw-key
                    Helicone-Target-Url: gw-key
                    Helicone-Auth: gw-key
                    x-litellm-api-key: gw-key
                    cf-aig-authorization: gw-key
                    x-envoy-original-path: gw-key
                    x-envoy-upstream-rq-timeout-ms: 1
                    x-ai-eg-model: gw-key
                    x-bf-vk: gw-key
                    X-Upstream-Url: gw-key
                    X-Target-URL: gw-key
                    X-Original-URL: gw-key
                    X-Rewrite-URL: gw-key
                    X-HTTP-Method-Override: DELETE
                    """)
    void dropsWhatEndsAtTheGateway(String field) {
        String head = written(provider(ProviderKinds.OPENAI, OPENAI, "sk-p"), field + "\nx-next: stays\n");

        assertThat(head.lines())
                .containsExactly(
                        "POST /v1/chat/completions HTTP/1.1",
                        "Host: api.example.com",
                        "Authorization: Bearer sk-p",
                        "Content-Length: 17",
                        "x-next: stays",
                        "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x: 1",
                "x-: 1",
                "x-u: 1",
                "_: 1",
                "x_custom: 1",
                "anthropic_beta: 1",
                "Content_Type: 1",
                "Proxy: 1",
                "x-forwarded: 1",
                "x-upstream: 1",
                "helicone: 1",
                "cf-ray: 1",
                "x-portke-y: 1",
                "X-Stainless-OS: Linux",
                "x-request-id: 1",
                "api_key_id: 1",
                "x-name: my-gw-key",
                "x-name: gw-key2"
            })
    void keepsWhatOnlyLooksLikeAFieldThatEndsAtTheGateway(String field) {
        assertThat(written(provider(ProviderKinds.OPENAI, OPENAI, "sk-p"), field + "\n")
                        .lines())
                .contains(field);
    }

    @Test
    void aProviderMayBeGivenFieldsThatAreHeldBackFromOthers() {
        Set<String> forward = Set.of("X-Real-IP", "x-portkey-*", "Forwarded");
        Provider provider =
                provider(ProviderKinds.OPENAI, OPENAI, new Provider.Access("sk-p", null, Map.of(), false, forward));

        String head = written(provider, """
                x-real-ip: 1.2.3.4
                X_Real_IP: 5.6.7.8
                X-Portkey-Trace-Id: t
                forwarded: for=p
                openai-organization: o
                helicone-auth: h
                x-api-key: k
                """);

        assertThat(ProviderCheck.problems(provider)).isEmpty();
        assertThat(head.lines())
                .containsExactly(
                        "POST /v1/chat/completions HTTP/1.1",
                        "Host: api.example.com",
                        "Authorization: Bearer sk-p",
                        "Content-Length: 17",
                        "x-real-ip: 1.2.3.4",
                        "X-Portkey-Trace-Id: t",
                        "forwarded: for=p",
                        "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Api-Key",
                "OpenAI-Project",
                "x_gateway_key",
                "x_api_key",
                "Authorization",
                "cookie",
                "Content-Length",
                "transfer_encoding",
                "Host",
                "proxy-anything",
                "Proxy_Authorization",
                "x-*",
                "X-API-*",
                "*",
                "a*b",
                "x y",
                "auth*",
                "pro*",
                "proxy-x*",
                "Content_Encoding",
                "Content-Digest",
                ""
            })
    void noSettingLetsCredentialsAndFramingPass(String name) {
        Provider provider =
                provider(ProviderKinds.OPENAI, OPENAI, new Provider.Access("t", null, Map.of(), false, Set.of(name)));

        assertThat(ProviderCheck.problems(provider))
                .singleElement()
                .satisfies(problem -> assertThat(problem).startsWith("forward_headers: "));
    }

    /** Some providers refuse what a browser sends; for the gateway's own pages it is the gateway's to judge. */
    @Test
    void keepsThePageThatAskedToItselfWherePagesMayCall() {
        CrossOrigin pages = new CrossOrigin(Set.of("https://app.example.com"), Duration.ofHours(1));
        Provider provider = provider(ProviderKinds.OPENAI, OPENAI, "t");
        Provider.Access forward = new Provider.Access("t", null, Map.of(), false, Set.of("Origin"));
        String fields = "ORIGIN: https://app.example.com\nx-next: stays\n";

        assertThat(writtenUnder(pages, provider, fields))
                .contains("x-next: stays")
                .doesNotContain("app.example.com");
        assertThat(writtenUnder(pages, provider(ProviderKinds.OPENAI, OPENAI, forward), fields))
                .contains("app.example.com");
        assertThat(writtenUnder(null, provider, fields)).contains("ORIGIN: https://app.example.com\r\n");
    }

    private static String writtenUnder(CrossOrigin pages, Provider provider, String fields) {
        Target target = new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, null, "m");
        return written(provider, null, new Exchange(decoded(fields), target, new Pages(pages)));
    }

    /** A policy of which only this is asked. */
    private record Pages(CrossOrigin crossOrigin) implements Policy {

        @Override
        public Keys keys() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Routes routes() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void aConfiguredFieldWinsOverItsSpellingsWithUnderscores() {
        Provider provider =
                provider(ProviderKinds.OPENAI, OPENAI, new Provider.Access("t", null, Map.of("X-Tenant-Id", "ours")));

        assertThat(written(provider, "X_Tenant_Id: theirs\nx-tenant_id: theirs\n"))
                .contains("X-Tenant-Id: ours\r\n")
                .doesNotContain("theirs");
    }

    /** So that usage can be read of the answer. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Accept-Encoding: gzip, deflate, br, zstd | Accept-Encoding: identity
                    accept-encoding: br;q=1.0, gzip;q=0.8    | accept-encoding: identity
                    Accept-Encoding: *                       | Accept-Encoding: identity
                    Accept-Encoding: *;q=0, identity;q=0.1   | Accept-Encoding: identity
                    Accept-Encoding: gzip;q=0                | Accept-Encoding: identity
                    Accept-Encoding: identity                | Accept-Encoding: identity
                    Accept-Encoding: gzip, identity;q=0      | Accept-Encoding: gzip, identity;q=0
                    Accept-Encoding: gzip, *;q=0.0           | Accept-Encoding: gzip, *;q=0.0
                    """)
    void asksForAnAnswerThatIsNotCompressed(String asked, String sent) {
        String head = written(provider(ProviderKinds.OPENAI, OPENAI, "t"), asked + "\nx-next: stays\n");

        assertThat(head.lines()).contains(sent, "x-next: stays").hasSize(7);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    gzip, deflate, br, zstd        | gzip, deflate
                    br;q=1.0, X-GZIP;q=0.8, *;q=0.1 | X-GZIP;q=0.8
                    br, zstd                       | identity
                    br, identity;q=0               | identity;q=0
                    """)
    void asksForNoAnswerThatCannotBeUnpackedWhereCompressedOnesAreAllowed(String asked, String sent) {
        Provider.Access access = new Provider.Access("t", null, Map.of(), false, Set.of("accept-encoding"));

        String head = written(provider(ProviderKinds.OPENAI, OPENAI, access), "Accept-Encoding: " + asked + "\n");

        assertThat(head.lines()).contains("Accept-Encoding: " + sent).hasSize(6);
    }

    @Test
    void addsNoAcceptEncodingAndLetsAConfiguredOneWin() {
        Provider gzip = provider(
                ProviderKinds.OPENAI, OPENAI, new Provider.Access("t", null, Map.of("accept-encoding", "gzip")));

        assertThat(written(provider(ProviderKinds.OPENAI, OPENAI, "t"), "x: y\n"))
                .doesNotContainIgnoringCase("accept-encoding");
        assertThat(written(gzip, "Accept-Encoding: br\n"))
                .contains("accept-encoding: gzip\r\n")
                .doesNotContain("br");
    }

    @Test
    void dropsWhatConnectionNominatesButNothingOfOurOwn() {
        String head = written(provider(ProviderKinds.OPENAI, OPENAI, "sk-p"), """
                Connection: close, x-secret
                X-Secret: 1
                connection: Host, X-Other,authorization , content-length
                x-other: 2
                x-third: 3
                """);

        assertThat(head.lines())
                .containsExactly(
                        "POST /v1/chat/completions HTTP/1.1",
                        "Host: api.example.com",
                        "Authorization: Bearer sk-p",
                        "Content-Length: 17",
                        "x-third: 3",
                        "");
    }

    @Test
    void letsConfiguredHeadersWinOverTheClientAndTheCredential() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("authorization", "Custom 1");
        headers.put("Anthropic-Version", "2023-06-01");
        headers.put("HOST", "virtual.example");
        Provider provider = provider(ProviderKinds.OPENAI, OPENAI, new Provider.Access("sk-p", null, headers));

        String head = written(provider, "anthropic-version: 1999-01-01\nx-a: b\nAnthropic-Version: again\n");

        assertThat(head.lines())
                .containsExactly(
                        "POST /v1/chat/completions HTTP/1.1",
                        "authorization: Custom 1",
                        "Anthropic-Version: 2023-06-01",
                        "HOST: virtual.example",
                        "Content-Length: 17",
                        "x-a: b",
                        "");
    }

    /** Faults B29: not even where another field looks like the credential and is none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization: Basic abc\nx-api-key: gw-key\n",
                "authorization: Basic abc\nauthorization: Bearer gw-key\n",
                "x-api-key: \napi-key: gw-key\n"
            })
    void keepsTheCredentialOutOfTheQueryWhereverItWasShown(String fields) {
        Provider provider = provider(ProviderKinds.OPENAI, OPENAI, new Provider.Access("t", null, Map.of()));
        Target target = new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, "a=1&key=gw-key", null);

        assertThat(written(provider, target, null, fields)).contains("?a=1 ").doesNotContain("gw-key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization: Bearer gw-key\n",
                "authorization: Bearer   gw-key\n",
                "AUTHORIZATION: bearer gw-key\nx-api-key: foreign\n",
                "x-api-key: gw-key\n",
                "api-key: gw-key\n",
                "x-goog-api-key: gw-key\n",
                "X-Gateway-Key: gw-key\nauthorization: Bearer foreign\n",
                "authorization: Basic gw-key\n",
                "cookie: key=gw-key\n",
                "Ocp-Apim-Subscription-Key: foreign\n",
                "X-Auth-Token: gw-key\n",
                "x-whatever: Token gw-key\n",
                "proxy-authorization: gw-key\n"
            })
    void letsNoCredentialOfTheClientOut(String fields) {
        for (ProviderKind kind : ProviderKinds.ALL) {
            Provider provider = provider(kind, OPENAI, new Provider.Access("t", null, Map.of()));

            assertThat(written(provider, fields)).doesNotContainIgnoringCase("gw-key", "foreign", "x-gateway");
        }
    }

    @Test
    void keepsAKeyBeyondAsciiOutOfTheQueryAsWell() {
        Exchange exchange = new Exchange(
                decoded(""),
                new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, "a=1&b=%C3%A9t%C3%A9&c=2", "m"),
                new Pages(null));
        exchange.authenticated(new Principal("k", Principal.Role.CLIENT), "\u00c3\u00a9t\u00c3\u00a9");

        assertThat(written(provider(ProviderKinds.OPENAI, OPENAI, "t"), null, exchange))
                .contains("?a=1&c=2 ");
    }

    @Test
    void givesAProviderThatWantsItTheClientsOwnCredentialAndNeverTheGatewayKey() {
        Provider theirs = provider(ProviderKinds.ANTHROPIC, OPENAI, new Provider.Access(null, null, Map.of(), true));

        String head = written(theirs, """
                Authorization: Bearer sk-own
                x-gateway-key: gw-key
                x-api-key: gw-key
                api-key: Bearer gw-key
                x-goog-api-key: own-too
                OpenAI-Organization: org-own
                cookie: c=d
                authorization: Basic b3duOm93bg==
                """);

        assertThat(head.lines())
                .containsExactly(
                        "POST /v1/chat/completions HTTP/1.1",
                        "Host: api.example.com",
                        "Content-Length: 17",
                        "Authorization: Bearer sk-own",
                        "x-goog-api-key: own-too",
                        "OpenAI-Organization: org-own",
                        "");
    }

    /** Faults B24: bytes 80-FF forwarded unchanged, never {@code ?}. */
    @Test
    void passesEveryLatin1ByteUnchanged() {
        StringBuilder all = new StringBuilder();
        for (char c = 0xa1; c <= 0xff; c++) {
            all.append(c);
        }
        Provider provider =
                provider(ProviderKinds.OPENAI, OPENAI, new Provider.Access("t", null, Map.of("x-ours", "caf\u00e9")));

        assertThat(written(provider, "x-bytes: " + all + "\n").lines())
                .contains("x-bytes: " + all, "x-ours: caf\u00e9");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    OPENAI | -          | a=b&&c=%2F+&                     | a=b&&c=%2F+&
                    OPENAI | -          | ''                               | ''
                    OPENAI | -          | api-version=2024-02-01           | api-version=2024-02-01
                    OPENAI | 2024-10-21 | api-version=2024-02-01           | api-version=2024-02-01
                    OPENAI | -          | a=1&key=gw-key&b=2               | a=1&b=2
                    OPENAI | -          | key=gw-key                       | -
                    OPENAI | -          | a=1&b=xgw-keyx&c=gw%2Dkey&%67w-key | a=1
                    OPENAI | -          | Api_Key=foreign&k%65y=x&access_token=y&keys=z | keys=z
                    OPENAI | -          | beta=true&%zz=%                  | beta=true&%zz=%
                    AZURE  | -          | api-version=2024-02-01           | api-version=2024-02-01
                    AZURE  | 2024-10-21 | -                                | api-version=2024-10-21
                    AZURE  | 2024-10-21 | a=b                              | a=b&api-version=2024-10-21
                    AZURE  | 2024-10-21 | a=b&api-version=old&c=d          | a=b&api-version=2024-10-21&c=d
                    AZURE  | 2024-10-21 | api-version=1&x=y&api%2Dversion=2 | api-version=2024-10-21&x=y
                    AZURE  | 2024-10-21 | API-Version=1                    | api-version=2024-10-21
                    OPENAI | -          | a=1&X_Gateway_Key=x&x%5Fapi%5Fkey=y | a=1
                    AZURE  | 2024-10-21 | my-api-version=1                 | my-api-version=1&api-version=2024-10-21
                    AZURE  | 2024-10-21 | key=gw-key                       | api-version=2024-10-21
                    AZURE  | 2024-10-21 | %zz=1                            | %zz=1&api-version=2024-10-21
                    """)
    void keepsTheQueryButForApiVersionAndCredential(
            @ConvertWith(Constant.class) ProviderKind kind, String apiVersion, String query, String expected) {
        Provider provider = provider(kind, "https://h/openai/v1", new Provider.Access("t", apiVersion, Map.of()));
        Target target = new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, query, null);

        String head = written(provider, target, null, "authorization: Bearer gw-key\n");

        assertThat(head.lines().findFirst())
                .hasValue("POST /openai/v1/chat/completions" + (expected == null ? "" : "?" + expected) + " HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    gpt-4o | -         | gpt-4o
                    gpt-4o | my/deploy | my%2Fdeploy
                    gpt-4o | gpt-4.1   | gpt-4.1
                    a b    | -         | a%20b
                    """)
    void namesTheDeploymentInAnAzurePath(String asked, String candidateModel, String segment) {
        Provider azure = provider(
                ProviderKinds.AZURE, "https://r.openai.azure.com", new Provider.Access("t", "2024-10-21", Map.of()));
        Target target = new Target(StandardOperations.EMBEDDINGS, ApiFamily.OPENAI, "x=1", asked);

        assertThat(written(azure, target, candidateModel, "").lines().findFirst())
                .hasValue("POST /openai/deployments/" + segment + "/embeddings?x=1&api-version=2024-10-21 HTTP/1.1");
    }

    @Test
    void turnsAnAzurePathIntoTheCanonicalOneElsewhere() {
        Target target = new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, null, "gpt-4o");

        assertThat(written(provider(ProviderKinds.OPENAI, OPENAI, "t"), target, null, "")
                        .lines())
                .startsWith("POST /v1/chat/completions HTTP/1.1");
    }

    @Test
    void growsForALongHead() {
        String value = "v".repeat(9_000);

        assertThat(written(provider(ProviderKinds.OPENAI, OPENAI, "t"), "x-long: " + value + "\n"))
                .contains(value);
    }

    /** Trap 48: what the configuration says must not become two header lines. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    https://h   | 'a\r\nx: y' | -        | x-a            | v          | access_token
                    https://h   | t           | a&b      | x-a            | v          | api_version
                    https://h   | t           | -        | x-a            | 'v\nx: y'  | headers.x-a
                    https://h   | t           | -        | x-a            | € 5        | headers.x-a
                    https://h   | t           | -        | x a            | v          | headers.x a
                    https://h   | t           | -        | 'x\r\n'        | v          | headers.x??
                    https://h   | t           | -        | Content-Length | 1          | headers.Content-Length
                    https://h   | t           | -        | connection     | close      | headers.connection
                    ftp://h     | t           | -        | x-a            | v          | base_url
                    https:///p  | t           | -        | x-a            | v          | base_url
                    https://h?q | t           | -        | x-a            | v          | base_url
                    https://u:secret@h | t    | -        | x-a            | v          | base_url
                    https://h/ü | t           | -        | x-a            | v          | base_url
                    https://h:70000 | t       | -        | x-a            | v          | base_url
                    https://a_b:0 | t         | -        | x-a            | v          | base_url
                    https://u:secret@a_b | t  | -        | x-a            | v          | base_url
                    """)
    void refusesAProviderThatWouldBreakAHead(
            String base, String token, String apiVersion, String name, String value, String key) {
        Provider provider =
                provider(ProviderKinds.AZURE, base, new Provider.Access(token, apiVersion, Map.of(name, value)));

        assertThat(ProviderCheck.problems(provider))
                .singleElement()
                .satisfies(problem -> assertThat(problem).startsWith(key + ":").doesNotContain("secret", "x: y"));
        assertThatThrownBy(() -> written(provider, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void findsNothingWrongWithAnOrdinaryProvider() {
        Provider provider = provider(
                ProviderKinds.AZURE,
                "https://r.example:8443/a/b/",
                new Provider.Access("t k", "2024-10-21-preview", Map.of("Proxy-Authorization", "Basic x\ty")));

        assertThat(ProviderCheck.problems(provider)).isEmpty();
    }

    private static Provider provider(ProviderKind kind, String base, String token) {
        return provider(kind, base, new Provider.Access(token, null, Map.of()));
    }

    private static Provider provider(ProviderKind kind, String base, Provider.Access access) {
        return new Provider("p", kind, URI.create(base), access, Duration.ofSeconds(1));
    }

    private static String written(Provider provider, String fields) {
        return written(
                provider, new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, null, "m"), null, fields);
    }

    private static String written(Provider provider, Target target, String model, String fields) {
        Exchange exchange = new Exchange(decoded(fields), target, new Pages(null));
        exchange.authenticated(new Principal("k", Principal.Role.CLIENT), "gw-key");
        return written(provider, model, exchange);
    }

    private static String written(Provider provider, String model, Exchange exchange) {
        ByteBuf head =
                RequestHead.write(UnpooledByteBufAllocator.DEFAULT, exchange, new Candidate(provider, model), 17, 0);
        try {
            return head.toString(StandardCharsets.ISO_8859_1);
        } finally {
            head.release();
        }
    }

    /** As the gateway's own decoder hands it over, so that names and values have the types they have in earnest. */
    private static HttpRequest decoded(String fields) {
        EmbeddedChannel decoder = new EmbeddedChannel(new HttpRequestDecoder(4096, 20_000, 8192));
        String head = "POST /any HTTP/1.1\n" + fields + "\n";
        decoder.writeInbound(Unpooled.copiedBuffer(head.replace("\n", "\r\n"), StandardCharsets.ISO_8859_1));
        HttpRequest request = decoder.readInbound();
        assertThat(request.decoderResult().isSuccess()).isTrue();
        decoder.finishAndReleaseAll();
        return request;
    }
}
