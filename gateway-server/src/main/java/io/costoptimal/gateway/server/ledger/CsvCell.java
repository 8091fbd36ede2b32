package io.costoptimal.gateway.server.ledger;

/**
 * A text as a cell of CSV (RFC 4180) that no spreadsheet computes. Stateless.
 *
 * <p>Spreadsheets compute a cell that begins with one of {@code =+-@}, whatever quotes are around it, some of them after blanks
 * too. And where a spreadsheet cuts lines at semicolons or tabs, as it does where the comma is the decimal sign, it takes no
 * notice of our quotes: then a cell begins in the middle of a text. So an apostrophe stands wherever a formula would begin.
 */
final class CsvCell {

    private static final String FORMULA = "=+-@";
    private static final String CUTS = ";\t\r\n";

    private CsvCell() {}

    static String of(String text) {
        return quoted(harmless(text));
    }

    private static String harmless(String text) {
        StringBuilder safe = null;
        int copied = 0;
        int begin = 0;
        boolean blank = true; // Whether there is nothing else from begin on.
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (CUTS.indexOf(c) >= 0) {
                begin = i + 1;
                blank = true;
            } else if (blank && FORMULA.indexOf(c) >= 0) {
                safe = safe == null ? new StringBuilder(text.length() + 8) : safe;
                safe.append(text, copied, begin).append('\'');
                copied = begin;
                blank = false;
            } else {
                blank &= isPassedOver(c);
            }
        }
        String all =
                safe == null ? text : safe.append(text, copied, text.length()).toString();
        return all.startsWith("\t") || all.startsWith("\r") ? '\'' + all : all;
    }

    /** A quote too: at the beginning of such a cell it may be left out with the one behind it. */
    private static boolean isPassedOver(char c) {
        return c <= ' ' || c == '"' || Character.isSpaceChar(c);
    }

    private static String quoted(String text) {
        boolean plain = text.chars().allMatch(c -> c != '"' && c != ',' && c != ';' && c >= ' ');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
