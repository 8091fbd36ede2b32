package io.costoptimal.gateway.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a scrape shows of an event loop that runs when the test lets it. */
class LoopLagTest {

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel loop =
            EmbeddedChannel.builder().ticker(ticker).build();
    private final PrometheusRegistry registry = new PrometheusRegistry();

    @BeforeEach
    void start() {
        LoopLag.observe(List.of(loop.eventLoop()), registry);
        loop.runPendingTasks();
    }

    @Test
    void findsALoopThatRunsOnTimeNotLate() throws IOException {
        for (int i = 0; i < 10; i++) {
            after(100, TimeUnit.MILLISECONDS);
        }

        assertThat(scrape())
                .contains(
                        "gateway_event_loop_lag_seconds_bucket{le=\"1.0E-4\"} 10",
                        "gateway_event_loop_lag_seconds_count 10",
                        "gateway_event_loop_lag_seconds_sum 0.0");
    }

    @Test
    void isDueEachTenthOfASecondHoweverLateItWasBefore() throws IOException {
        after(104, TimeUnit.MILLISECONDS);
        after(96, TimeUnit.MILLISECONDS);

        assertThat(scrape())
                .contains(
                        "gateway_event_loop_lag_seconds_bucket{le=\"1.0E-4\"} 1",
                        "gateway_event_loop_lag_seconds_bucket{le=\"0.0025\"} 1",
                        "gateway_event_loop_lag_seconds_bucket{le=\"0.005\"} 2",
                        "gateway_event_loop_lag_seconds_sum 0.004");
    }

    @Test
    void countsEveryTurnThatABusyLoopMissed() throws IOException {
        after(1_000, TimeUnit.MILLISECONDS);

        assertThat(scrape())
                .contains(
                        "gateway_event_loop_lag_seconds_bucket{le=\"0.25\"} 3",
                        "gateway_event_loop_lag_seconds_bucket{le=\"0.5\"} 6",
                        "gateway_event_loop_lag_seconds_bucket{le=\"1.0\"} 10",
                        "gateway_event_loop_lag_seconds_count 10");
    }

    @Test
    void fallsNoFurtherBehindOnALoopThatIsAlwaysLate() throws IOException {
        for (int i = 0; i < 100; i++) {
            ticker.advance(350, TimeUnit.MILLISECONDS);
            loop.runScheduledPendingTasks();
        }

        assertThat(scrape())
                .contains(
                        "gateway_event_loop_lag_seconds_bucket{le=\"0.25\"} 300",
                        "gateway_event_loop_lag_seconds_bucket{le=\"0.5\"} 350",
                        "gateway_event_loop_lag_seconds_count 350");
    }

    private void after(long time, TimeUnit unit) {
        ticker.advance(time, unit);
        loop.runPendingTasks();
    }

    private String scrape() throws IOException {
        return new String(Exposition.of(registry, null).text(), StandardCharsets.UTF_8);
    }
}
