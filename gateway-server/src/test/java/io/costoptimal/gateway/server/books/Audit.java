package io.costoptimal.gateway.server.books;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import io.costoptimal.gateway.server.books.Order.Api;
import io.costoptimal.gateway.server.books.Tariffs.Tokens;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.simulator.Bill;
import io.costoptimal.gateway.server.simulator.Sold;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Holds the rows of one request against what its providers have in their books, and where they told the gateway nothing,
 * against a count of the bytes. Used by one thread.
 */
final class Audit {

    private static final EncodingRegistry ENCODINGS = Encodings.newLazyEncodingRegistry();
    private static final Pattern ASKED = Pattern.compile("\"include_usage\":true");

    private final Order order;
    private final Visit visit;
    private final Export export;
    private final List<String> differences = new ArrayList<>();

    /**
     * What a row must say.
     *
     * @param sources each of which may be the source of its tokens: both where it depends on how much text there was
     * @param outputs each of which may be the number of tokens of output: more than one where nobody but the gateway knows
     *     how much it had received when its client left
     */
    private record Expected(List<String> sources, Tokens tokens, List<Long> outputs) {

        static final Expected NOTHING = new Expected(List.of("none"), Tokens.NONE, List.of(0L));
    }

    /** @param export gets what each attempt is billed for */
    Audit(Order order, Visit visit, Export export) {
        this.order = order;
        this.visit = visit;
        this.export = export;
    }

    /**
     * @param rows in the order of attempts
     * @param books of all providers, in the order in which each was asked
     * @return what is not equal, in words
     */
    List<String> differences(List<Row> rows, List<Sold> books) {
        Map<String, Deque<Sold>> sales = new HashMap<>();
        books.forEach(sold -> sales.computeIfAbsent(sold.request().header(Shop.ASKED_AS), id -> new ArrayDeque<>())
                .add(sold));
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            same(row, "attempt", (long) i + 1, row.number(Column.ATTEMPT));
            Deque<Sold> sold = sales.getOrDefault(row.text(Column.PROVIDER), new ArrayDeque<>());
            if (row.text(Column.PROVIDER).equals("down") || "connect_error".equals(row.text(Column.FAILURE))) {
                // Nothing was sent; had the provider seen it nevertheless, its line would be left over below.
                refused(row);
            } else if (sold.isEmpty()) {
                differences.add("nobody sold this: " + row);
            } else {
                compare(row, sold.removeFirst(), i == rows.size() - 1);
            }
        }
        sales.values().forEach(left -> left.forEach(sold -> differences.add("no row of " + sold + " among " + rows)));
        extraEvent(books);
        return differences;
    }

    private void refused(Row row) {
        same(row, "failure", "connect_error", row.text(Column.FAILURE));
        same(row, "status", null, value(row, Column.STATUS));
        same(row, "possible", null, value(row, Column.POSSIBLE_NANO_USD));
        tokens(row, Expected.NOTHING, false);
    }

    private void compare(Row row, Sold sold, boolean last) {
        same(row, "model_sent", model(sold), row.text(Column.MODEL_SENT));
        same(row, "model", order.entry().model(), row.text(Column.MODEL));
        same(row, "model_asked", order.question().model(), row.text(Column.MODEL_ASKED));
        same(row, "operation", order.api().path, row.text(Column.OPERATION));
        same(row, "stream", order.question().stream() ? 1L : 0L, row.number(Column.STREAM));
        same(row, "key", "books", row.text(Column.KEY));
        same(row, "status", sold.status() == 0 ? null : (long) sold.status(), value(row, Column.STATUS));
        same(row, "possible", possible(row, sold), value(row, Column.POSSIBLE_NANO_USD));
        boolean relayed = last && visit.status() == 200 && sold.status() == 200;
        outcome(row, sold, last);
        if (sold.status() == 200 && row.text(Column.TOKEN_SOURCE).equals("reported") && visit.left() && last) {
            same(row, "told to its end", true, sold.sent().whole() && told(sold));
            tokens(row, reported(sold), true);
        } else if (sold.status() == 200) {
            tokens(row, expected(sold, relayed), true);
        } else {
            tokens(row, Expected.NOTHING, false);
        }
    }

    private void outcome(Row row, Sold sold, boolean last) {
        String outcome = row.text(Column.OUTCOME);
        if (last && visit.left()) {
            // The answer may have been on its way in full when the client went.
            String otherwise = sold.status() == 200 ? "completed" : sold.status() >= 400 ? "failed" : "cancelled";
            same(row, "outcome", true, outcome.equals("cancelled") || outcome.equals(otherwise) || silent(row, sold));
        } else if (last && sold.status() == 200 && visit.status() == 200) {
            same(row, "outcome", visit.whole() ? "completed" : "cut", outcome);
        } else {
            same(row, "outcome", "failed", outcome);
        }
    }

    /**
     * Whether an answer was cut off because nothing more of it came in time: a machine that has stood still so long has kept the client
     * from leaving too, and what it reads then it has read before the cut.
     */
    private static boolean silent(Row row, Sold sold) {
        return sold.status() == 200
                && "cut".equals(row.text(Column.OUTCOME))
                && "cut_off".equals(row.text(Column.FAILURE))
                && row.number(Column.TOTAL_MS) >= Shop.STREAM_IDLE_MILLIS;
    }

    private Expected expected(Sold sold, boolean relayed) {
        if (relayed && visit.whole() && sold.sent().whole() && told(sold)) {
            return reported(sold);
        }
        boolean inputTold = order.api() == Api.MESSAGES
                && order.question().stream()
                && sold.bill().told();
        Bill.Input input = sold.bill().input();
        Tokens tokens = inputTold
                ? new Tokens(input.uncached(), input.cached(), input.written(), input.written1h(), 0, 0)
                : new Tokens(input(model(sold)), 0, 0, 0, 0, 0);
        List<Integer> lengths = lengths(sold, relayed).boxed().toList();
        List<Long> outputs = lengths.stream()
                .map(length -> Math.max(inputTold ? 1 : 0, count(model(sold), Visit.simulated(length))))
                .toList();
        boolean known = known(model(sold));
        List<String> sources = lengths.stream()
                .map(length -> known || inputTold && length == 0 ? "counted" : "estimated")
                .distinct()
                .toList();
        return new Expected(sources, tokens, outputs);
    }

    /** How much text the gateway may have received, in characters. */
    private IntStream lengths(Sold sold, boolean relayed) {
        if (order.api() == Api.EMBEDDINGS) {
            return IntStream.of(0);
        }
        if (!order.question().stream()) {
            return IntStream.of(visit.textLength());
        }
        int sent = sold.sent().fragments();
        int from = !relayed ? sent : visit.pieces(order.api());
        int to = relayed && visit.left() ? sent : from;
        return IntStream.rangeClosed(from, to)
                .map(pieces -> pieces * order.wish().pieceBytes());
    }

    private Expected reported(Sold sold) {
        Bill.Input input = sold.bill().input();
        Bill.Output output = sold.bill().output();
        if (order.api() == Api.EMBEDDINGS) {
            long all = input.uncached() + input.cached() + input.written() + input.written1h();
            return new Expected(List.of("reported"), new Tokens(all, 0, 0, 0, 0, 0), List.of(0L));
        }
        return new Expected(
                List.of("reported"),
                new Tokens(
                        input.uncached(),
                        input.cached(),
                        input.written(),
                        input.written1h(),
                        output.tokens(),
                        output.reasoning()),
                List.of(output.tokens()));
    }

    /** Whether the answer says what it is billed for, if it comes to its end. */
    private boolean told(Sold sold) {
        boolean ifAsked = order.question().stream() && (order.api() == Api.CHAT || order.api() == Api.COMPLETIONS);
        return sold.bill().told() && (!ifAsked || asked(sold));
    }

    private static boolean asked(Sold sold) {
        return ASKED.matcher(body(sold)).find();
    }

    /** The event with usage that a client did not ask for is kept from it, and the one that it asked for is not. */
    private void extraEvent(List<Sold> books) {
        boolean asked = ASKED.matcher(order.question().body()).find();
        boolean got = visit.body().contains("\"choices\":[],");
        Sold last = books.isEmpty() ? null : books.get(books.size() - 1);
        boolean due = asked
                && visit.whole()
                && last.status() == 200
                && last.sent().whole()
                && last.bill().told();
        if (got != due && !(visit.left() && asked)) {
            differences.add("extra event: due " + due + ", got " + got + " in " + visit);
        }
    }

    private void tokens(Row row, Expected expected, boolean answered) {
        if (!expected.sources.contains(row.text(Column.TOKEN_SOURCE))) {
            differences.add("token_source: expected " + expected.sources + " in " + row);
        }
        Tokens tokens = expected.tokens;
        same(row, "input_tokens", tokens.uncached(), row.number(Column.INPUT_TOKENS, 0));
        same(row, "cached_input_tokens", tokens.cached(), row.number(Column.CACHED_INPUT_TOKENS, 0));
        same(row, "cache_write_tokens", tokens.written(), row.number(Column.CACHE_WRITE_TOKENS, 0));
        same(row, "cache_write_1h_tokens", tokens.written1h(), row.number(Column.CACHE_WRITE_1H_TOKENS, 0));
        same(row, "reasoning_tokens", tokens.reasoning(), row.number(Column.REASONING_TOKENS, 0));
        long output = row.number(Column.OUTPUT_TOKENS, 0);
        if (!expected.outputs.contains(output)) {
            differences.add("output_tokens: expected " + expected.outputs + ", not " + output + " in " + row);
        }
        Tokens all = new Tokens(
                tokens.uncached(), tokens.cached(), tokens.written(), tokens.written1h(), output, tokens.reasoning());
        export.add(row, all);
        String provider = row.text(Column.PROVIDER);
        Long cost = Tariffs.cost(provider, row.text(Column.MODEL_SENT), all, answered);
        same(row, "cost_nano_usd", cost, value(row, Column.COST_NANO_USD));
        same(row, "priced", cost != null, !row.text(Column.PRICE_VERSION).equals("none"));
        same(row, "partial", 0L, row.number(Column.PARTIAL));
        List<Long> others = order.entry().candidates().stream()
                .map(each -> Tariffs.cost(each.provider(), each.model(), all, answered))
                .toList();
        same(row, "first_choice_nano_usd", others.get(0), value(row, Column.FIRST_CHOICE_NANO_USD));
        Long dearest =
                others.stream().filter(Objects::nonNull).max(Long::compare).orElse(null);
        same(row, "dearest_nano_usd", dearest, value(row, Column.DEAREST_NANO_USD));
    }

    /** What an attempt may have cost that got no answer. */
    private Long possible(Row row, Sold sold) {
        if (sold.status() != 0 || "stale_connection".equals(row.text(Column.FAILURE))) {
            return null;
        }
        String provider = row.text(Column.PROVIDER);
        String model = model(sold);
        long most = order.question().most() >= 0 ? order.question().most() : Tariffs.maxOutput(provider, model);
        return most < 0 ? null : Tariffs.cost(provider, model, new Tokens(input(model), 0, 0, 0, most, 0), true);
    }

    private long input(String model) {
        Order.Input input = order.question().input();
        return input.overhead()
                + input.texts().stream().mapToLong(text -> count(model, text)).sum();
    }

    private static long count(String model, String text) {
        boolean older = model.startsWith("gpt-3.5") || model.startsWith("text-embedding-");
        Encoding encoding = ENCODINGS.getEncoding(older ? EncodingType.CL100K_BASE : EncodingType.O200K_BASE);
        return encoding.countTokensOrdinary(text);
    }

    private static boolean known(String model) {
        return model.startsWith("gpt-") || model.startsWith("text-embedding-");
    }

    private static String model(Sold sold) {
        return body(sold).replaceFirst("(?s).*?\"model\":\"([^\"]*)\".*", "$1");
    }

    private static String body(Sold sold) {
        return new String(sold.request().body(), UTF_8);
    }

    private static Long value(Row row, Column column) {
        return row.has(column) ? row.number(column) : null;
    }

    private void same(Row row, String what, Object expected, Object found) {
        if (!Objects.equals(expected, found)) {
            differences.add(what + ": expected " + expected + ", not " + found + " in " + row);
        }
    }
}
