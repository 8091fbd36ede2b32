package io.costoptimal.gateway.server.reconcile;

import io.costoptimal.gateway.server.ledger.Column;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

/**
 * Figures as CSV: {@code date,model} and any of our own columns of tokens, in any order; other columns are passed over. Stateless.
 */
final class CsvFigures {

    private static final String HEAD = " (expected: JSON, or CSV with date, model and one of "
            + String.join(", ", Tokens.CLASSES.stream().map(Column::word).toList()) + ")";

    private static final int DAY_LENGTH = "2026-11-27".length();

    private CsvFigures() {}

    static ProviderFigures read(String text) throws FiguresException {
        List<String> lines = text.lines().toList();
        int head = 0;
        while (head < lines.size() && lines.get(head).isBlank()) {
            head++;
        }
        List<String> names = head < lines.size() ? cells(lines.get(head)) : List.of();
        int date = names.indexOf("date");
        int model = names.indexOf("model");
        ProviderFigures figures = new ProviderFigures(null);
        Tokens.CLASSES.stream().filter(column -> names.contains(column.word())).forEach(figures::tells);
        if (date < 0 || model < 0 || figures.told().isEmpty()) {
            throw names.isEmpty()
                    ? new FiguresException("line 1: nothing" + HEAD)
                    : new FiguresException("line " + (head + 1) + ": " + lines.get(head) + HEAD);
        }
        for (int i = head + 1; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
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

    /** A time is of the day that it has in UTC. One that does not say where it holds may be of either of two, so it is refused. */
    private static LocalDate day(String text, int line) throws FiguresException {
        try {
            return text.length() <= DAY_LENGTH
                    ? LocalDate.parse(text)
                    : OffsetDateTime.parse(text)
                            .withOffsetSameInstant(ZoneOffset.UTC)
                            .toLocalDate();
        } catch (DateTimeException e) {
            throw new FiguresException("line " + line + ": date: " + text
                    + " (expected: a day in UTC such as 2026-11-27, or a time with its offset)");
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
