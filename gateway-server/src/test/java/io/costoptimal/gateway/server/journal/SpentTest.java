package io.costoptimal.gateway.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.costoptimal.gateway.exchange.Accounted;
import io.costoptimal.gateway.exchange.Accounted.Source;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.exchange.Usage;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the journal tells of what attempts have cost. */
class SpentTest {

    private static final Candidate DEAR = Exchanges.candidate("dear");
    private static final Candidate CHEAP =
            new Candidate(Exchanges.candidate("cheap").provider(), "small");
    private static final Candidate FREE = Exchanges.candidate("no price");
    private static final Choice.Cost EXPECTED = new Choice.Cost(10, 40, 20, 7);

    private final Map<String, Price> prices =
            new HashMap<>(Map.of("dear", new PerToken(9, 100), "cheap", new PerToken(2, -1)));
    private final Lane lane = new Lane(4 * Lane.LONGEST, new Wanted(true, true));
    private final Entry entry = new Entry();

    @Test
    void tellsTheCostOfTheAttemptThatSucceededAndOfThoseBefore() {
        Exchange exchange = routed(DEAR, CHEAP);
        exchange.attempt(DEAR);
        exchange.headCame(429);
        exchange.attemptFailed(new UpstreamFailure(Phase.STATUS, Kind.STATUS, "429"));
        exchange.attempt(CHEAP);
        answered(exchange, new Accounted(Usage.of(100, 50), Source.REPORTED, bytes("{\"prompt\":\"\u20ac\"}"), null));
        told(exchange);

        assertThat(entry.stream()).isTrue();
        assertThat(entry.certainty()).isEqualTo(Choice.Certainty.EXPECTED);
        assertThat(entry.cost()).isEqualTo(EXPECTED);
        Spent spent = entry.spent();
        assertThat(spent.source()).isEqualTo(Source.REPORTED);
        assertThat(spent.raw()).isEqualTo("{\"prompt\":\"\u20ac\"}");
        assertThat(spent.modelSent()).isEqualTo("small");
        assertThat(spent.startedNanos()).isNotNegative();
        assertThat(spent.bill().version()).hasToString("per token 2");
        assertThat(spent.bill().cost()).isEqualTo(2 * 150 + 5);
        assertThat(spent.bill().others()).isEqualTo(new Spent.Others(9 * 150 + 5, 9 * 150 + 5));
        assertThat(spent.bill().possible()).isEqualTo(-1);
        assertThat(spent.bill().partial()).isFalse();

        Spent failed = entry.failures().get(0).spent();
        assertThat(failed.source()).isEqualTo(Source.NONE);
        assertThat(failed.modelSent()).isEqualTo("asked");
        assertThat(failed.raw()).isNull();
        assertThat(failed.bill().cost()).isZero();
    }

    @Test
    void anAttemptWithoutAPriceHasNoCostAndIsComparedAllTheSame() {
        Exchange exchange = routed(FREE, CHEAP, DEAR);
        exchange.attempt(FREE);
        answered(exchange, Accounted.reported(Usage.of(1, 1)));
        told(exchange);

        Spent.Bill bill = entry.spent().bill();
        assertThat(bill.version()).isNull();
        assertThat(bill.cost()).isEqualTo(-1);
        assertThat(bill.others()).isEqualTo(new Spent.Others(-1, 9 * 2 + 5));
    }

    @Test
    void whatAnAttemptWithoutAnAnswerMayHaveCostIsBoundByTheRequestOrElseByTheModel() {
        assertThat(possible(DEAR, Usage.of(10, 20))).isEqualTo(9 * 30 + 5);
        assertThat(possible(DEAR, Usage.of(10, -1))).isEqualTo(9 * 110 + 5);
        assertThat(possible(CHEAP, Usage.of(10, -1))).isEqualTo(-1);
        assertThat(possible(FREE, Usage.of(10, 20))).isEqualTo(-1);
    }

    private long possible(Candidate candidate, Usage most) {
        Exchange exchange = routed(candidate);
        exchange.attempt(candidate);
        exchange.accounted(new Accounted(null, Source.NONE, null, most));
        exchange.attemptFailed(new UpstreamFailure(Phase.FIRST_BYTE, Kind.TIMEOUT, "late"));
        exchange.end(Outcome.UPSTREAM_FAILED);
        told(exchange);
        assertThat(entry.spent()).isNull();
        Spent spent = entry.failures().get(0).spent();
        assertThat(spent.bill().cost()).isEqualTo(candidate == FREE ? -1 : 0);
        return spent.bill().possible();
    }

    @Test
    void anUsageObjectThatIsTooLongIsLeftOutWhole() {
        for (int length : new int[] {SpentWriter.MOST_RAW, SpentWriter.MOST_RAW + 1}) {
            Exchange exchange = routed(CHEAP);
            exchange.attempt(CHEAP);
            String raw = "x".repeat(length);
            answered(exchange, new Accounted(Usage.of(1, 1), Source.REPORTED, bytes(raw), null));
            told(exchange);
            assertThat(entry.spent().raw()).isEqualTo(length > SpentWriter.MOST_RAW ? null : raw);
        }
    }

    @Test
    void nothingOfMoneyIsToldWhereNobodyWantsIt() {
        Lane plain = new Lane(4 * Lane.LONGEST, new Wanted(true, false));
        Exchange exchange = routed(CHEAP);
        exchange.attempt(CHEAP);
        answered(exchange, Accounted.reported(Usage.of(1, 1)));
        told(exchange);
        assertThat(entry.spent()).isNotNull();
        prices.clear();
        plain.add(exchange);
        plain.next(entry);

        assertThat(entry.spent()).isNull();
        assertThat(entry.certainty()).isNull();
        assertThat(entry.cost()).isNull();
        assertThat(entry.stream()).isFalse();
    }

    @Test
    void textsOfClientsAreLeftOutWhereNobodyWantsThem() {
        Lane money = new Lane(4 * Lane.LONGEST, new Wanted(false, true));
        Exchange exchange = routed(CHEAP);
        exchange.attempt(CHEAP);
        answered(exchange, new Accounted(Usage.of(1, 1), Source.COUNTED, bytes("{}"), null));
        money.add(exchange);
        money.next(entry);

        assertThat(entry.spent().raw()).isNull();
        assertThat(entry.spent().modelSent()).isNull();
        assertThat(entry.spent().source()).isEqualTo(Source.COUNTED);
        assertThat(entry.spent().bill().cost()).isEqualTo(2 * 2 + 5);
    }

    @Test
    void anEventLoopAllocatesNothingForMoneyOnceItKnowsTheNames() {
        Exchange exchange = routed(DEAR, CHEAP);
        exchange.attempt(CHEAP);
        answered(exchange, new Accounted(Usage.of(1, 1), Source.REPORTED, bytes("{}"), null));
        add(exchange, 1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        add(exchange, 500);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;

        // Less than one byte each: asking may itself take some.
        assertThat(bytes).isLessThan(500);
        assertThat(lane.entries()).isEqualTo(501);
    }

    private void add(Exchange exchange, int times) {
        for (int i = 0; i < times; i++) {
            lane.add(exchange);
        }
    }

    private static void answered(Exchange exchange, Accounted accounted) {
        exchange.headCame(200);
        exchange.answering(200);
        exchange.accounted(accounted);
        exchange.end(Outcome.COMPLETED);
    }

    private void told(Exchange exchange) {
        lane.add(exchange);
        lane.next(entry);
        lane.release();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Exchange routed(Candidate... listed) {
        List<Candidate> all = List.of(listed);
        return Exchanges.routed(new Priced(), new Choice(Choice.Certainty.EXPECTED, all, all, EXPECTED));
    }

    /** A configuration that says prices and nothing else. */
    private final class Priced implements Policy {

        private final Prices table = (provider, model) -> prices.get(provider.id());

        @Override
        public Keys keys() {
            return null;
        }

        @Override
        public Routes routes() {
            return null;
        }

        @Override
        public Prices prices() {
            return table;
        }
    }
}
