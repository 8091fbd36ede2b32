package io.costoptimal.gateway.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads a header field's value that is a word and parameters: {@code form-data; name="a"} (RFC 9110, 5.6.6). Stateless.
 *
 * <p>Strict: what different readers could read differently is not read at all.
 */
final class FieldParameters {

    private final String text;
    private int at;

    /**
     * One parameter.
     *
     * @param name in lower case
     * @param value without its quotes and escapes
     */
    record Parameter(String name, String value) {}

    private FieldParameters(String text, int at) {
        this.text = text;
        this.at = at;
    }

    /** The parameters behind {@code word}; {@code null} when the value begins with another word, or is malformed. */
    static List<Parameter> of(String text, String word) {
        String stripped = text.strip();
        if (!stripped.regionMatches(true, 0, word, 0, word.length())) {
            return null;
        }
        return new FieldParameters(stripped, word.length()).read();
    }

    private List<Parameter> read() {
        List<Parameter> parameters = new ArrayList<>(2);
        skipBlanks();
        while (at < text.length()) {
            if (text.charAt(at++) != ';') {
                return null;
            }
            skipBlanks();
            if (at == text.length() || text.charAt(at) == ';') {
                // An empty parameter, which the grammar allows.
                continue;
            }
            Parameter parameter = parameter();
            if (parameter == null) {
                return null;
            }
            parameters.add(parameter);
            skipBlanks();
        }
        return parameters;
    }

    private Parameter parameter() {
        String name = token();
        if (name.isEmpty() || at == text.length() || text.charAt(at++) != '=') {
            return null;
        }
        boolean quoted = at < text.length() && text.charAt(at) == '"';
        String value = quoted ? quoted() : token();
        return value == null || value.isEmpty() && !quoted ? null : new Parameter(name.toLowerCase(Locale.ROOT), value);
    }

    private String token() {
        int from = at;
        while (at < text.length() && isToken(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    /** RFC 9110, 5.6.2; and the slash, which boundaries and media types have without quotes. */
    private static boolean isToken(char c) {
        return c > ' ' && c < 0x7f && "\"(),:;<=>?@[\\]{}".indexOf(c) < 0;
    }

    /** Readers that know no escapes see the end of the text at an escaped quote, and parameters of their own behind it. */
    private String quoted() {
        StringBuilder value = new StringBuilder();
        boolean escapedQuote = false;
        boolean semicolon = false;
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return escapedQuote && semicolon ? null : value.toString();
            }
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
                escapedQuote |= c == '"';
            }
            semicolon |= c == ';';
            value.append(c);
        }
        return null;
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }
}
