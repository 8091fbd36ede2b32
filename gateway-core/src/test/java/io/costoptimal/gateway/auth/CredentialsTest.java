package io.costoptimal.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.auth.Credentials.Found;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsTest {

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "authorization=Bearer k                        | ONE     | k",
                "Authorization=bearer k                        | ONE     | k",
                "AUTHORIZATION=BEARER k                        | ONE     | k",
                "x-api-key=k                                   | ONE     | k",
                "X-Api-Key=k                                   | ONE     | k",
                "api-key=k                                     | ONE     | k",
                "authorization=Bearer k, x-api-key=k           | ONE     | k",
                "authorization=Bearer k, x-api-key=k, api-key=k| ONE     | k",
                "authorization=Bearer k, authorization=Bearer k| ONE     | k",
                "authorization=Bearer, x-api-key=k             | ONE     | k",
                "authorization=Basic dTpw, x-api-key=k         | ONE     | k",
                "authorization=Bearer  k                       | ONE     |' k'",
                "authorization=Bearer k, x-api-key=l           | SEVERAL | -",
                "authorization=Bearer k, api-key=l             | SEVERAL | -",
                "x-api-key=k, api-key=l                        | SEVERAL | -",
                "authorization=Bearer k, authorization=Bearer l| SEVERAL | -",
                "authorization=Bearer k, authorization=bearer K| SEVERAL | -",
                "x-api-key=k, x-api-key=l                      | SEVERAL | -",
                "api-key=k, api-key=l                          | SEVERAL | -",
                "user-agent=x                                  | NONE    | -",
                "authorization=Bearer                          | NONE    | -",
                "authorization=                                | NONE    | -",
                "authorization=Basic dTpw                      | NONE    | -",
                "authorization=k                               | NONE    | -",
                "authorization=Bearerk                         | NONE    | -",
                "x-api-key=                                    | NONE    | -",
                "x-goog-api-key=k, cookie=k                    | NONE    | -",
            })
    void findsTheOneKey(String fields, Found found, String key) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (String field : fields.split(", ")) {
            int equals = field.indexOf('=');
            headers.add(field.substring(0, equals), field.substring(equals + 1));
        }

        assertThat(Credentials.of(headers)).isEqualTo(new Credentials(found, key));
    }

    @Test
    void readsAKeyBeyondAsciiAsUtf8() {
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.add("x-api-key", "\u00f0\u009f\u0098\u0080");

        assertThat(Credentials.of(headers).key()).isEqualTo("\ud83d\ude00");
    }

    @Test
    void printsNoKey() {
        assertThat(new Credentials(Found.ONE, "canary")).asString().doesNotContain("canary");
    }
}
