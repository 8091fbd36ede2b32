package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.Accounted;
import io.costoptimal.gateway.exchange.Accounted.Source;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.Content;
import io.costoptimal.gateway.exchange.SeenText;
import io.costoptimal.gateway.exchange.SharedBody;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.costoptimal.gateway.exchange.Uncounted;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.inspect.JsonScanner;
import java.util.ArrayList;
import java.util.List;

/**
 * What the attempts of one exchange used that no provider told, to be counted after its end. Made on the exchange's event
 * loop; {@link #count} is called by another thread, once, or never if {@link #estimate} is.
 *
 * <p>Input is what was told, else what a tokenizer counts in the request's body. Output is the larger of what was told and
 * what a tokenizer counts in the text that passed. What cannot be counted is taken for a token in four bytes.
 */
final class LateCount {

    private static final int BYTES_A_TOKEN = 4;

    /** Deeper than any configuration allows a body to be. */
    private static final int DEEPEST = 1000;

    private final Exchange exchange;
    private final List<Uncounted> attempts;
    /** Set anew by the counting thread alone. */
    private volatile RequestFacts facts;

    /** {@code null} when it was not kept. */
    private final SharedBody body;

    private volatile boolean cancelled;

    /** Takes over what {@code exchange}, which is over, has to be counted. */
    LateCount(Exchange exchange) {
        this.exchange = exchange;
        attempts = exchange.uncounted();
        facts = exchange.facts();
        body = exchange.takeBodyToCount();
    }

    Exchange exchange() {
        return exchange;
    }

    /** Has {@link #count} end soon, with a {@link java.util.concurrent.CancellationException}. Any thread. */
    void cancel() {
        cancelled = true;
    }

    /** Counts: slow, on a thread for that. Returns what each of the attempts used, in their order. */
    List<Accounted> count(TokenCounting counting) {
        if (facts.content() == Content.UNKNOWN && body != null) {
            facts = inspected();
        }
        List<Accounted> used = new ArrayList<>(attempts.size());
        for (Uncounted attempt : attempts) {
            used.add(account(attempt, counting));
        }
        return used;
    }

    /** The facts of the body, with a look at its content, which nobody had when the request came. */
    private RequestFacts inspected() {
        JsonScanner scanner = new JsonScanner(DEEPEST);
        scanner.reset(true);
        return scanner.scan(body.bytes().duplicate()) && scanner.end() ? scanner.facts() : facts;
    }

    /** Returns about what the attempts used, without a tokenizer. */
    List<Accounted> estimate() {
        return attempts.stream().map(attempt -> account(attempt, null)).toList();
    }

    /** Lets go of body and texts; once, when nobody counts any more. */
    void release() {
        if (body != null) {
            body.release();
        }
        for (Uncounted attempt : attempts) {
            if (attempt.text() != null) {
                attempt.text().release();
            }
        }
    }

    /** @param counting {@code null} to estimate */
    private Accounted account(Uncounted attempt, TokenCounting counting) {
        Usage told = attempt.told().usage();
        boolean known = counting != null && attempt.model() != null && counting.knows(attempt.model());
        boolean inputTold = told != null && told.input().known();
        boolean exact = inputTold
                || known
                        && body != null
                        && !facts.content().nonText()
                        && !facts.content().outside();
        Usage.Input input = inputTold ? told.input() : new Usage.Input(input(attempt, counting), -1, -1, -1, -1);
        SeenText text = attempt.text();
        if (text == null) {
            return new Accounted(null, Source.NONE, null, new Usage(input, mostOutput(attempt)));
        }
        long counted = output(attempt, counting);
        exact &= text.isAll() && (known || counted <= 0);
        return new Accounted(
                new Usage(input, output(told, counted), told == null ? List.of() : told.extras()),
                exact ? Source.COUNTED : Source.ESTIMATED,
                attempt.told().raw(),
                null);
    }

    private static Usage.Output output(Usage told, long counted) {
        return told == null
                ? new Usage.Output(counted, -1, -1)
                : new Usage.Output(
                        Math.max(told.output().tokens(), counted),
                        told.output().reasoning(),
                        told.output().audio());
    }

    private Usage.Output mostOutput(Uncounted attempt) {
        if (!attempt.operation().answers().text().any()) {
            return new Usage.Output(0, -1, -1);
        }
        long most = facts.maxTokens();
        long answers = facts.output().answers();
        boolean bounded = most >= 0 && (most == 0 || answers <= Long.MAX_VALUE / most);
        return new Usage.Output(bounded ? most * answers : -1, -1, -1);
    }

    private long input(Uncounted attempt, TokenCounting counting) {
        if (counting == null || body == null || attempt.model() == null) {
            return estimate(facts.textBytes());
        }
        var source = counting.source(
                attempt.operation(), attempt.model(), body.bytes().duplicate(), () -> cancelled);
        return source.countPast(Long.MAX_VALUE) ? source.low() : estimate(facts.textBytes());
    }

    /** -1 when nobody can tell. */
    private long output(Uncounted attempt, TokenCounting counting) {
        SeenText text = attempt.text();
        if (text.form() == SeenText.Form.UNREADABLE) {
            return -1;
        }
        if (text.length() == 0) {
            return estimate(text.missed());
        }
        if (counting == null || attempt.model() == null) {
            return estimate(text.length() + text.missed());
        }
        return counting.answer(attempt.operation(), attempt.model(), text, () -> cancelled) + estimate(text.missed());
    }

    private static long estimate(long bytes) {
        return (bytes + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN;
    }
}
