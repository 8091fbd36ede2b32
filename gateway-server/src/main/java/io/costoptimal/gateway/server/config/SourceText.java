package io.costoptimal.gateway.server.config;

import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * The characters of a file, to find the place that a character of a scalar's value came from. Immutable.
 *
 * <p>YAML folds lines, strips indentation and drops escapes, but it never reorders: the nth character that is not white
 * space of the value is the nth of the source, once quotes and escapes are counted as what they stand for.
 */
final class SourceText {

    private final int[] source;

    SourceText(String text) {
        source = text.codePoints().toArray();
    }

    /**
     * A place in the file, both from 1.
     *
     * @param line from 1
     * @param col from 1, in code points
     */
    record Place(int line, int col) {}

    /**
     * Finds where the character at {@code offset} of {@code scalar}'s value stands; for white space and for the end of the
     * value, the place just behind the character before.
     *
     * @param offset in UTF-16 units; beyond the end means the end
     */
    Place locate(ScalarNode scalar, int offset) {
        String value = scalar.getValue();
        int end = Math.max(0, Math.min(offset, value.length()));
        long before = value.codePoints().filter(c -> !isSpace(c)).count()
                - value.substring(end).codePoints().filter(c -> !isSpace(c)).count();
        boolean behind = before > 0 && (end == value.length() || isSpace(value.codePointAt(end)));

        Mark start = scalar.getStartMark().orElseThrow();
        Cursor cursor = new Cursor(start, scalar.getScalarStyle());
        cursor.skipOpening();
        for (long i = 0; i < (behind ? before - 1 : before); i++) {
            cursor.nextVisible();
            cursor.step();
        }
        cursor.nextVisible();
        if (behind) {
            cursor.step();
        }
        return new Place(cursor.line, cursor.col);
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    /** A position in the source that moves by the characters of a value. */
    private final class Cursor {

        private final ScalarStyle style;
        private int at;
        private int line;
        private int col;

        Cursor(Mark start, ScalarStyle style) {
            this.style = style;
            at = start.getIndex();
            line = start.getLine() + 1;
            col = start.getColumn() + 1;
        }

        /** Skips the quote, or the header line of a block. */
        void skipOpening() {
            switch (style) {
                case SINGLE_QUOTED, DOUBLE_QUOTED -> advance(1);
                case LITERAL, FOLDED -> {
                    while (at < source.length && source[at] != '\n') {
                        advance(1);
                    }
                }
                default -> {}
            }
        }

        /** Moves to the next character that is not white space. */
        void nextVisible() {
            while (at < source.length && standsForSpace()) {
                step();
            }
        }

        /** Moves over one character of the value. */
        void step() {
            advance(width());
        }

        private int width() {
            if (style == ScalarStyle.SINGLE_QUOTED && source[at] == '\'') {
                return 2;
            }
            if (style != ScalarStyle.DOUBLE_QUOTED || source[at] != '\\') {
                return 1;
            }
            return switch (peek(1)) {
                case 'x' -> 4;
                case 'u' -> 6;
                case 'U' -> 10;
                default -> 2;
            };
        }

        private boolean standsForSpace() {
            if (isSpace(source[at])) {
                return true;
            }
            if (style != ScalarStyle.DOUBLE_QUOTED || source[at] != '\\') {
                return false;
            }
            return switch (peek(1)) {
                case 'n', 't', 'r', ' ', '\t', '\n', '\r' -> true;
                case 'x', 'u', 'U' -> isSpace(hex());
                default -> false;
            };
        }

        private int hex() {
            String digits = new String(source, at + 2, width() - 2);
            return Integer.parseUnsignedInt(digits, 16);
        }

        private int peek(int ahead) {
            return at + ahead < source.length ? source[at + ahead] : -1;
        }

        private void advance(int codePoints) {
            for (int i = 0; i < codePoints && at < source.length; i++) {
                if (source[at++] == '\n') {
                    line++;
                    col = 1;
                } else {
                    col++;
                }
            }
        }
    }
}
