package io.costoptimal.gateway.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.costoptimal.gateway.Gateway;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimiterTest {

    private final AtomicLong clock = new AtomicLong();

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "1, 0", "1, -1"})
    void refusesALimitThatWouldLetNobodyThrough(int perMinute, int burst) {
        assertThatThrownBy(() -> new RateLimiter(perMinute, burst, clock::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("per minute " + perMinute + ", burst " + burst + " (expected: at least 1 of each)");
    }

    @Test
    void letsABurstThroughAndThenOneForEachInterval() throws Exception {
        HttpServer provider = Clients.provider("answer");
        RateLimiter limiter = new RateLimiter(6, 2, clock::get);
        try (Gateway gateway = limiter.start(Clients.ANY, Clients.base(provider), "sk-provider", "sk-client")) {
            int port = gateway.address().getPort();
            assertThat(Clients.chat(port, "sk-client").statusCode()).isEqualTo(200);
            assertThat(Clients.chat(port, "sk-client").body()).isEqualTo("answer");

            HttpResponse<String> refused = Clients.chat(port, "sk-client");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).hasValue("10");
            assertThat(refused.headers().firstValue("x-should-retry")).isEmpty();
            assertThat(refused.body()).contains("Too many requests for this key.", "rate_limit_error");

            clock.addAndGet(Duration.ofSeconds(4).toNanos());
            assertThat(Clients.chat(port, "sk-client").headers().firstValue("retry-after"))
                    .hasValue("6");
            clock.addAndGet(Duration.ofSeconds(6).toNanos());
            assertThat(Clients.chat(port, "sk-client").statusCode()).isEqualTo(200);
            assertThat(Clients.chat(port, "sk-client").statusCode()).isEqualTo(429);
            assertThat(Clients.chat(port, "sk-wrong").statusCode()).isEqualTo(401);
        } finally {
            provider.stop(0);
        }
    }
}
