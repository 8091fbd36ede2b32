package io.costoptimal.gateway.server.prices;

import java.util.ArrayList;
import java.util.List;

/** One line of comma-separated values (RFC 4180); a value has no line end in it. Stateless. */
final class CsvLine {

    private CsvLine() {}

    /**
     * A value and where it begins.
     *
     * @param text without its quotes
     * @param col from 1
     */
    record Cell(String text, int col) {}

    /** Takes {@code line} apart; {@code null} when its quotes do not fit together. */
    static List<Cell> split(String line) {
        List<Cell> cells = new ArrayList<>();
        int at = 0;
        while (true) {
            int start = at;
            String text;
            if (at < line.length() && line.charAt(at) == '"') {
                StringBuilder quoted = new StringBuilder();
                at = quoted(line, at + 1, quoted);
                if (at < 0 || at < line.length() && line.charAt(at) != ',') {
                    return null;
                }
                text = quoted.toString();
            } else {
                int comma = line.indexOf(',', at);
                at = comma < 0 ? line.length() : comma;
                text = line.substring(start, at);
                if (text.indexOf('"') >= 0) {
                    return null;
                }
            }
            cells.add(new Cell(text, start + 1));
            if (at == line.length()) {
                return cells;
            }
            at++;
        }
    }

    /** Reads up to the quote at the end, and answers where the next character stands; -1 when there is no such quote. */
    private static int quoted(String line, int from, StringBuilder text) {
        for (int at = from; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c != '"') {
                text.append(c);
            } else if (at + 1 < line.length() && line.charAt(at + 1) == '"') {
                text.append(c);
                at++;
            } else {
                return at + 1;
            }
        }
        return -1;
    }

    /** Writes {@code text} as {@link #split} reads it. */
    static String cell(String text) {
        return text.indexOf(',') < 0 && text.indexOf('"') < 0 ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
