package io.costoptimal.gateway.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Period;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Time is cut into as few roll-ups as there are for it, without an hour left out or twice. */
class PeriodsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "2026-01-01T00:00:00Z | 2026-03-01T00:00:00Z | none | months 01-01T00 03-01T00",
                "2026-01-01T00:00:00Z | 2026-03-01T00:00:00Z | MONTH | months 01-01T00 03-01T00",
                "2026-01-01T00:00:00Z | 2026-03-01T00:00:00Z | DAY | days 01-01T00 03-01T00",
                "2026-01-01T00:00:00Z | 2026-03-01T00:00:00Z | HOUR | rollups 01-01T00 03-01T00",
                "2026-01-30T22:10:00Z | 2026-04-02T03:00:00Z | none | rollups 01-30T22 01-31T00, days 01-31T00 02-01T00,"
                        + " months 02-01T00 04-01T00, days 04-01T00 04-02T00, rollups 04-02T00 04-02T03",
                "2026-01-31T22:00:00Z | 2026-03-01T00:00:00Z | none | rollups 01-31T22 02-01T00, months 02-01T00 03-01T00",
                "2026-01-02T00:00:00Z | 2026-02-27T00:00:00Z | none | days 01-02T00 02-27T00",
                "2026-01-02T05:00:00Z | 2026-01-02T07:59:00Z | none | rollups 01-02T05 01-02T08",
            })
    void aTimeIsCutInto(String from, String to, Period period, String expected) {
        Filter filter =
                new Filter(Instant.parse(from).toEpochMilli(), Instant.parse(to).toEpochMilli(), Map.of());
        String parts = Periods.parts(filter, period).all().stream()
                .filter(part -> part.from() < part.to())
                .map(part -> part.table().table() + " " + shown(part.from()) + " " + shown(part.to()))
                .collect(Collectors.joining(", "));
        assertThat(parts).isEqualTo(expected);
    }

    private static String shown(long millis) {
        return Instant.ofEpochMilli(millis).toString().substring(5, 13);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"none", "MONTH", "DAY", "HOUR"})
    void allTimeIsCutWithoutAGap(Period period) {
        long at = 0;
        for (Periods.Part part :
                Periods.parts(new Filter(0, Long.MAX_VALUE, Map.of()), period).all()) {
            assertThat(part.from()).isEqualTo(at);
            at = part.to();
        }
        assertThat(at).isEqualTo(Periods.END);
    }
}
