package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.server.prices.CsvLine.Cell;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Reads the text of a list of prices: comma-separated values as RFC 4180 has them, in dollars for a million tokens.
 *
 * <pre>
 * # date: 2026-11-27
 * vendor,model,above,input,cached_input,...,per_request,context,max_output
 * openai,gpt-4o,,2.5,1.25,...,,128000,16384
 * openai,gpt-5.4,,2.5,0.25,...
 * openai,gpt-5.4,272000,5,0.5,...
 * </pre>
 *
 * <p>Lines that begin with {@code #} are remarks, of which one has the date. A row with {@code above} is a tier of the model in
 * the row before. Owned by the thread that reads.
 */
final class PriceFile {

    static final String VENDOR = "vendor";
    static final String MODEL = "model";
    static final String ABOVE = "above";
    static final String PER_REQUEST = "per_request";
    static final String CONTEXT = "context";
    static final String MAX_OUTPUT = "max_output";
    static final String DATE = "# date: ";

    /** A table with more mistakes is another kind of file. */
    private static final int MOST_PROBLEMS = 20;

    private final String name;
    private final List<PriceProblem> problems = new ArrayList<>();
    private final Map<String, Map<String, Tariff>> vendors = new LinkedHashMap<>();
    private List<String> columns;
    private LocalDate date;

    /** The model whose tiers may follow, and where its row is. */
    private Pending pending;

    private int line;

    private record Pending(String vendor, String model, Tariff base, List<Tariff.Tier> tiers, int line) {}

    private PriceFile(String name) {
        this.name = name;
    }

    /**
     * Reads {@code text}.
     *
     * @param name of the file, for messages
     * @param origin what {@link PriceList#origin} is to say
     * @throws PriceFileException with every problem, up to twenty
     */
    static PriceList read(String name, String text, String origin) throws PriceFileException {
        PriceFile file = new PriceFile(name);
        file.lines(text);
        if (!file.problems.isEmpty()) {
            throw new PriceFileException(file.problems);
        }
        return new PriceList(origin, file.date, file.vendors);
    }

    /** The names of all columns, in the order that {@link PriceFileText} writes them in. */
    static List<String> columns() {
        List<String> all = new ArrayList<>(List.of(VENDOR, MODEL, ABOVE));
        for (TokenClass kind : TokenClass.values()) {
            all.add(Rates.key(kind));
        }
        all.addAll(List.of(PER_REQUEST, CONTEXT, MAX_OUTPUT));
        return all;
    }

    private void lines(String text) {
        boolean understood = true;
        for (String each : text.split("\\R", -1)) {
            line++;
            if (each.startsWith("#")) {
                remark(each);
            } else if (!each.isBlank()) {
                List<Cell> cells = CsvLine.split(each);
                if (cells == null) {
                    problem(1, "a quote that is not closed, or text beside quotes");
                } else if (columns == null) {
                    understood = header(cells);
                } else {
                    row(cells);
                }
            }
            if (problems.size() >= MOST_PROBLEMS || !understood) {
                return;
            }
        }
        settle();
        if (date == null) {
            line = 1;
            problem(1, "no date (expected: a line such as " + DATE + "2026-11-27)");
        }
        if (vendors.isEmpty() && (problems.isEmpty() || columns == null)) {
            line = 1;
            problem(1, "no prices (expected: a line with the names of the columns, and lines with prices)");
        }
    }

    private void remark(String text) {
        if (!text.startsWith(DATE)) {
            return;
        }
        try {
            date = LocalDate.parse(text.substring(DATE.length()).strip());
        } catch (DateTimeParseException e) {
            problem(DATE.length() + 1, "date: " + shown(text.substring(DATE.length())) + " (expected: 2026-11-27)");
            date = LocalDate.EPOCH;
        }
    }

    /** Answers whether the rows below can be read. */
    private boolean header(List<Cell> cells) {
        int before = problems.size();
        columns = cells.stream().map(cell -> cell.text().strip()).toList();
        List<String> known = columns();
        for (int i = 0; i < columns.size(); i++) {
            if (!known.contains(columns.get(i)) || columns.indexOf(columns.get(i)) < i) {
                problem(
                        cells.get(i).col(),
                        "column: " + shown(columns.get(i)) + " (expected: one of " + String.join(", ", known)
                                + ", each once)");
            }
        }
        for (String needed : List.of(VENDOR, MODEL, Rates.key(TokenClass.INPUT), Rates.key(TokenClass.OUTPUT))) {
            if (!columns.contains(needed)) {
                problem(1, "no column " + needed);
            }
        }
        return problems.size() == before;
    }

    private void row(List<Cell> cells) {
        if (cells.size() != columns.size()) {
            problem(1, cells.size() + " values (expected: " + columns.size() + ", as many as there are columns)");
            return;
        }
        int before = problems.size();
        String vendor = named(cells, VENDOR);
        String model = named(cells, MODEL);
        Optional<Long> above = count(cells, ABOVE);
        Rates rates = rates(cells);
        long perRequest = dollars(cells, PER_REQUEST, Tariff.MAX_PER_REQUEST).orElse(0L);
        long context = count(cells, CONTEXT).orElse(Tariff.UNKNOWN);
        long maxOutput = count(cells, MAX_OUTPUT).orElse(Tariff.UNKNOWN);
        if (problems.size() > before) {
            return;
        }
        try {
            if (above.isPresent()) {
                tier(vendor, model, new Tariff.Tier(above.get(), rates));
            } else {
                settle();
                Tariff base = new Tariff(rates, List.of(), perRequest, context, maxOutput);
                pending = new Pending(vendor, model, base, new ArrayList<>(), line);
            }
        } catch (IllegalArgumentException e) {
            problem(1, e.getMessage());
        }
    }

    private void tier(String vendor, String model, Tariff.Tier tier) {
        if (pending == null || !pending.vendor.equals(vendor) || !pending.model.equals(model)) {
            problem(1, "above: " + tier.above() + " (expected: right behind the row of the same model without it)");
            return;
        }
        pending.tiers.add(tier);
    }

    /** The model before is whole. */
    private void settle() {
        if (pending == null) {
            return;
        }
        Pending done = pending;
        pending = null;
        int here = line;
        line = done.line;
        try {
            Tariff tariff = done.tiers.isEmpty()
                    ? done.base
                    : new Tariff(
                            done.base.base(),
                            done.tiers,
                            done.base.perRequest(),
                            done.base.context(),
                            done.base.maxOutput());
            Map<String, Tariff> models = vendors.computeIfAbsent(done.vendor, vendor -> new LinkedHashMap<>());
            if (models.putIfAbsent(done.model, tariff) != null) {
                problem(1, done.vendor + '/' + done.model + " (expected: each model once)");
            }
        } catch (IllegalArgumentException e) {
            problem(1, e.getMessage());
        }
        line = here;
    }

    private Rates rates(List<Cell> cells) {
        Map<TokenClass, Long> said = new EnumMap<>(TokenClass.class);
        for (TokenClass kind : TokenClass.values()) {
            dollars(cells, Rates.key(kind), Rates.MAX).ifPresent(price -> said.put(kind, price));
        }
        return new Rates(said);
    }

    private String named(List<Cell> cells, String column) {
        Cell cell = cell(cells, column).orElseThrow();
        String text = cell.text().strip();
        if (!PriceNames.fits(text)) {
            problem(cell.col(), column + ": " + shown(text) + " (expected: " + PriceNames.EXPECTED + ")");
        }
        return text;
    }

    private Optional<Long> dollars(List<Cell> cells, String column, long max) {
        return number(cells, column, text -> {
            long nanos = Usd.parse(text);
            if (nanos > max) {
                throw new IllegalArgumentException("at most " + Usd.show(max) + " dollars");
            }
            return nanos;
        });
    }

    private Optional<Long> count(List<Cell> cells, String column) {
        return number(cells, column, text -> {
            if (!text.matches("[1-9][0-9]{0,9}") || Long.parseLong(text) > Tariff.MAX_TOKENS) {
                throw new IllegalArgumentException("tokens, 1 to " + Tariff.MAX_TOKENS);
            }
            return Long.parseLong(text);
        });
    }

    private Optional<Long> number(List<Cell> cells, String column, ToLongFunction<String> parser) {
        Cell cell = cell(cells, column).orElse(null);
        if (cell == null || cell.text().isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.applyAsLong(cell.text().strip()));
        } catch (IllegalArgumentException e) {
            problem(cell.col(), column + ": " + shown(cell.text()) + " (expected: " + e.getMessage() + ")");
            return Optional.empty();
        }
    }

    private Optional<Cell> cell(List<Cell> cells, String column) {
        int at = columns.indexOf(column);
        return at < 0 ? Optional.empty() : Optional.of(cells.get(at));
    }

    private void problem(int col, String message) {
        problems.add(new PriceProblem(name, line, col, message));
    }

    private static String shown(String text) {
        return PriceNames.oneLine(text);
    }
}
