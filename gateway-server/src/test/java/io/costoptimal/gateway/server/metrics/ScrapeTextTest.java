package io.costoptimal.gateway.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reader that other tests rely on refuses what a scraper would refuse. */
class ScrapeTextTest {

    @Test
    void readsValuesBySeries() {
        assertThat(ScrapeText.prometheus("# HELP a_total x\n# TYPE a_total counter\na_total{b=\"c\\\"d,e\"} 1.0\n")
                        .samples())
                .containsEntry("a_total{b=\"c\\\"d,e\"}", 1.0);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', commentCharacter = '%', textBlock = """
        # TYPE a gauge;a 1                                                    | HELP and TYPE stand before samples
        # HELP a x;# TYPE a gauge;a{b=""} 1                                   | label="value", not empty
        # HELP a x;# TYPE a gauge;a{b="1",b="2"} 1                            | each label once
        # HELP a x;# TYPE a gauge;a 1;a 2                                     | each series once
        # HELP a x;# TYPE a gauge;a{b="1"} 1;a{c="1"} 2                       | the same labels everywhere
        # HELP a x;# TYPE a gauge;a one                                       | a number
        # HELP a x;# TYPE a gauge;a 1;# HELP b x;# TYPE b gauge;b 1;a{} 2     | a family is in one place
        # HELP a x;# TYPE a counter;a 1                                       | a counter's name
        # HELP a_total x;# TYPE a_total counter;a_total -1                    | a counter is not negative
        # HELP a x;# TYPE a gauge;b 1                                         | a sample belongs to a family
        # HELP a x;# TYPE a histogram;a_bucket{le="1"} 1;a_count 1;a_sum 1    | a last bucket +Inf
        # HELP a x;# TYPE a histogram;a_bucket{le="1"} 2;a_bucket{le="+Inf"} 1;a_count 1 | buckets are cumulative
        # HELP a x;# TYPE a histogram;a_bucket{le="+Inf"} 2;a_count 1         | +Inf is the count
        # UNIT a_bytes bytes                                                  | UNIT is OpenMetrics'
        """)
    void refusesWhatBreaksTheFormat(String lines, String rule) {
        String text = lines.replace(';', '\n') + "\n";

        assertThatThrownBy(() -> ScrapeText.prometheus(text)).hasMessageStartingWith(rule);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', commentCharacter = '%', textBlock = """
        # HELP a x;# TYPE a gauge;a 1                                         | ends with # EOF
        # HELP a_total x;# TYPE a_total counter;a_total 1;# EOF               | a sample belongs to a family
        # HELP a x;# TYPE a gauge;# UNIT a bytes;a 1;# EOF                    | the unit ends the name
        """)
    void refusesWhatBreaksOpenMetrics(String lines, String rule) {
        String text = lines.replace(';', '\n') + "\n";

        assertThatThrownBy(() -> ScrapeText.openMetrics(text)).hasMessageStartingWith(rule);
    }
}
