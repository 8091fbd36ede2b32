package io.costoptimal.gateway.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScrapeTest {

    private static final String LAG = """
            # TYPE lag histogram
            lag_bucket{le="1.0E-4"} %d
            lag_bucket{le="0.5"} %d
            lag_bucket{le="+Inf"} %d
            lag_count %d
            lag_sum 1.5
            direct_bytes 4096.0
            """;

    @Test
    void boundsAQuantileOfWhatWasObservedMeanwhile() {
        Scrape before = Scrape.parse(LAG.formatted(0, 1_000, 1_000, 1_000));

        assertThat(Scrape.parse(LAG.formatted(99, 1_100, 1_100, 1_100)).bound(before, "lag", 0.99))
                .isEqualTo(1e-4);
        assertThat(Scrape.parse(LAG.formatted(98, 1_100, 1_100, 1_100)).bound(before, "lag", 0.99))
                .isEqualTo(0.5);
        assertThat(Scrape.parse(LAG.formatted(98, 1_098, 1_100, 1_100)).bound(before, "lag", 0.99))
                .isInfinite();
    }

    @Test
    void knowsNoBoundOfNothing() {
        Scrape scrape = Scrape.parse(LAG.formatted(1, 1, 1, 1));

        assertThat(scrape.bound(scrape, "lag", 0.99)).isNaN();
        assertThat(scrape.value("direct_bytes")).isEqualTo(4096);
        assertThat(scrape.value("absent")).isNaN();
    }

    @Test
    void addsUpWhatDiffersInLabelsAlone() {
        Scrape scrape = Scrape.parse("lost{why=\"a\"} 2.0\nlost{why=\"b\"} 3.0\nlost_total 7.0\n");

        assertThat(scrape.sum("lost")).isEqualTo(5);
        assertThat(scrape.sum("lost_total")).isEqualTo(7);
        assertThat(scrape.sum("absent")).isZero();
    }
}
