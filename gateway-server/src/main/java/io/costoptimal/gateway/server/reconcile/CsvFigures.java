package io.costoptimal.gateway.server.reconcile;

import io.costoptimal.gateway.server.ledger.Column;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;

/**
 * Figures as CSV: {@code date,model} and any of our own columns of tokens, in any order; other columns are passed over. Stateless.
 */
final class CsvFigures {

    private static final String EXPECTED = "date, model and one of "
            + String.join(", ", Tokens.CLASSES.stream().map(Column::word).toList());

    private CsvFigures() {}

    static ProviderFigures read(String text) throws FiguresException {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        List<String> names = lines.isEmpty() ? List.of() : cells(lines.get(0));
        int date = names.indexOf("date");
        int model = names.indexOf("model");
        ProviderFigures figures = new ProviderFigures(null);
        Tokens.CLASSES.stream().filter(column -> names.contains(column.word())).forEach(figures::tells);
        if (date < 0 || model < 0 || figures.told().isEmpty()) {
            throw new FiguresException("line 1: " + (lines.isEmpty() ? "nothing" : lines.get(0))
                    + " (expected: JSON, or CSV with " + EXPECTED + ")");
        }
        for (int i = 1; i < lines.size(); i++) {
            List<String> cells = cells(lines.get(i));
            if (cells.size() != names.size()) {
                throw new FiguresException(
                        "line " + (i + 1) + ": " + cells.size() + " cells (expected: " + names.size() + ")");
            }
            DayModel of = new DayModel(day(cells.get(date), i + 1), cells.get(model));
            figures.cover(of.day());
            for (Column column : figures.told()) {
                figures.add(of, column, number(cells.get(names.indexOf(column.word())), i + 1, column));
            }
        }
        return figures;
    }

    /** Names of models and figures have no commas in them, so that quotes only stand around a whole cell. */
    private static List<String> cells(String line) {
        return Arrays.stream(line.split(",", -1))
                .map(cell -> cell.strip().replaceAll("^\"(.*)\"$", "$1"))
                .toList();
    }

    private static LocalDate day(String text, int line) throws FiguresException {
        try {
            return LocalDate.parse(text.substring(0, Math.min(10, text.length())));
        } catch (DateTimeException e) {
            throw new FiguresException("line " + line + ": date: " + text + " (expected: a day such as 2026-11-27)");
        }
    }

    private static long number(String text, int line, Column column) throws FiguresException {
        if (text.isEmpty()) {
            return 0;
        }
        if (text.matches("\\d{1,18}")) {
            return Long.parseLong(text);
        }
        throw new FiguresException("line " + line + ": " + column.word() + ": " + text + " (expected: a whole number)");
    }
}
