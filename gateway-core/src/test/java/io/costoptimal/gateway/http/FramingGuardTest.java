package io.costoptimal.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the guard says of heads that Netty's decoder refuses already, should it ever stop to, and of hosts. */
class FramingGuardTest {

    @ParameterizedTest
    @CsvSource({
        "POST, HTTP/1.1, content-length:1;transfer-encoding:chunked, 400",
        "POST, HTTP/1.0, transfer-encoding:chunked, 400",
        "POST, HTTP/1.1, transfer-encoding:gzip, 501",
        "POST, HTTP/1.1, transfer-encoding:chunked;transfer-encoding:chunked, 501",
        "POST, HTTP/1.1, x:y, 411",
        "PUT, HTTP/1.1, x:y, 411",
        "PATCH, HTTP/1.1, x:y, 411",
        "POST, HTTP/1.0, x:y, 411",
        "GET, HTTP/1.1, transfer-encoding:identity, 501",
        "GET, HTTP/1.1, x:y, 0",
        "DELETE, HTTP/1.1, x:y, 0",
        "POST, HTTP/1.1, content-length:1, 0",
        "POST, HTTP/1.1, transfer-encoding:Chunked, 0",
        "POST, HTTP/1.1, content-length:1;expect:100-Continue, 0",
    })
    void judgesLengthsAndCodings(String method, String version, String fields, int status) {
        HttpRequest request = request(HttpMethod.valueOf(method), HttpVersion.valueOf(version), "h");
        for (String field : fields.split(";")) {
            request.headers().add(field.split(":")[0], field.split(":")[1]);
        }

        FramingGuard.Violation violation = FramingGuard.check(request);

        assertThat(violation == null ? 0 : violation.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"h", "H.example", "a-b_c.9", "127.0.0.1", "h:80", "h:", "h:65535", "[::1]", "[::1]:8080", "%41"})
    void takesAHost(String host) {
        assertThat(FramingGuard.check(request(HttpMethod.GET, HttpVersion.HTTP_1_1, host)))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "a,b",
                "a, b",
                "u@h",
                "u:p@h",
                "h/",
                "h/p",
                "http://h",
                "h?q",
                "h#f",
                "h\\p",
                "h:80:80",
                "h:-1",
                "h:8a",
                "h:123456",
                "[]",
                "[::1",
                "::1",
                "[::1]x",
                "[::1]:x",
                "[a/b]",
                "h h",
                "h\u00e9",
                "a;b",
                "a=b"
            })
    void refusesWhatIsNoHost(String host) {
        assertThat(FramingGuard.check(request(HttpMethod.GET, HttpVersion.HTTP_1_1, host)))
                .extracting(FramingGuard.Violation::status)
                .isEqualTo(400);
        assertThat(FramingGuard.check(request(HttpMethod.GET, HttpVersion.HTTP_1_0, host)))
                .extracting(FramingGuard.Violation::status)
                .isEqualTo(400);
    }

    private static HttpRequest request(HttpMethod method, HttpVersion version, String host) {
        HttpRequest request = new DefaultHttpRequest(version, method, "/v1/models");
        request.headers().add("host", host);
        return request;
    }
}
