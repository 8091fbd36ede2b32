package io.costoptimal.gateway.route;

import io.costoptimal.gateway.route.ExprToken.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a rule into the words of Expr's language (expr-lang.org, language definition), with three additions that rules in
 * Aviator's syntax bring along: {@code =~ /pattern/}, and names with dots. Belongs to one parse.
 */
final class ExprLexer {

    private static final Set<String> WORDS =
            Set.of("not", "and", "or", "in", "contains", "startsWith", "endsWith", "matches", "let", "if", "else");

    /** These begin statements in Aviator too. */
    private static final Set<String> STATEMENTS = Set.of("let", "if", "else");

    /** Longer signs first, because the first that fits is taken. */
    private static final List<String> SIGNS = List.of(
            "**", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "..", "=~", "=", "<", ">", "!", "+", "-", "*", "/",
            "%", "^", "?", ":", "(", ")", "[", "]", "{", "}", ",", ";", "|", ".");

    private static final Pattern NUMBER = Pattern.compile("0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+"
            + "|(?:[0-9][0-9_]*(?:\\.(?!\\.)[0-9_]*)?|\\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]{1,3})?");
    private static final Pattern NAME =
            Pattern.compile("[\\p{L}_$][\\p{L}\\p{Nd}_$]*(?:\\.[\\p{L}_$][\\p{L}\\p{Nd}_$]*)*");
    private static final Pattern BLANK = Pattern.compile("(?:[\\s\\u00a0]++|//[^\\n]*+|/\\*(?s:.*?)\\*/)+");

    private final Source source;
    private final String text;
    private int at;
    private boolean patternMayFollow;
    private boolean own;

    ExprLexer(Source source) {
        this.source = source;
        this.text = source.text();
    }

    /** Whether the text read so far has a word, sign, number or comment that Expr has and Aviator has not. */
    boolean own() {
        return own;
    }

    /** The next word; {@link Kind#END} when there is none, and then again for ever. */
    ExprToken next() {
        skipBlanks();
        if (at >= text.length()) {
            return new ExprToken(Kind.END, text.length(), "end of the rule", null);
        }
        char c = text.charAt(at);
        source.refuseCurlyQuote(at);
        if (patternMayFollow && c == '/') {
            return regex();
        }
        patternMayFollow = false;
        if (c == '"' || c == '\'') {
            return quoted(c);
        }
        if (c == '`') {
            return raw();
        }
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (number.lookingAt()) {
            return number(number.group());
        }
        Matcher name = NAME.matcher(text).region(at, text.length());
        return name.lookingAt() ? name(name.group()) : sign();
    }

    private void skipBlanks() {
        Matcher blank = BLANK.matcher(text).region(at, text.length());
        // Behind =~ two slashes are a pattern, not a comment.
        boolean pattern = patternMayFollow && text.substring(at).stripLeading().startsWith("/");
        if (pattern) {
            at = text.indexOf('/', at);
        } else if (blank.lookingAt()) {
            own |= blank.group().contains("/");
            at = blank.end();
        }
    }

    private ExprToken token(Kind kind, int length, Object value) {
        ExprToken token = new ExprToken(kind, at, text.substring(at, at + length), value);
        at += length;
        return token;
    }

    private ExprToken name(String name) {
        boolean word = WORDS.contains(name);
        own |= word ? !STATEMENTS.contains(name) : TextTypes.isExprsOwn(name);
        return token(word ? Kind.OPERATOR : Kind.NAME, name.length(), null);
    }

    private ExprToken sign() {
        String sign = SIGNS.stream()
                .filter(known -> text.startsWith(known, at))
                .findFirst()
                .orElseThrow(
                        () -> source.refusal(at, "'" + Character.toString(text.codePointAt(at)) + "' is not allowed"));
        own |= sign.equals("??") || sign.equals("?.") || sign.equals("..");
        patternMayFollow = sign.equals("=~");
        return token(Kind.OPERATOR, sign.length(), null);
    }

    private ExprToken number(String written) {
        int end = at + written.length();
        boolean goesOn = end < text.length() && Character.isJavaIdentifierPart(text.charAt(end));
        String digits = written.replace("_", "");
        try {
            if (goesOn) {
                throw new NumberFormatException();
            }
            own |= !digits.equals(written);
            return token(Kind.NUMBER, written.length(), value(digits));
        } catch (NumberFormatException e) {
            throw source.refusal(at, "malformed or too large number");
        }
    }

    private static Object value(String digits) {
        String prefix = digits.substring(0, Math.min(2, digits.length())).toLowerCase(Locale.ROOT);
        int radix = switch (prefix) {
            case "0x" -> 16;
            case "0o" -> 8;
            case "0b" -> 2;
            default -> 10;
        };
        if (radix != 10) {
            return Long.parseLong(digits.substring(2), radix);
        }
        if (digits.indexOf('.') < 0 && digits.indexOf('e') < 0 && digits.indexOf('E') < 0) {
            return Long.parseLong(digits);
        }
        double number = Double.parseDouble(digits);
        if (Double.isInfinite(number)) {
            throw new NumberFormatException();
        }
        return number;
    }

    private ExprToken regex() {
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != '/') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= text.length()) {
            throw source.refusal(at, "the pattern has no end");
        }
        patternMayFollow = false;
        ExprToken token = new ExprToken(Kind.REGEX, at, text.substring(at + 1, end), null);
        at = end + 1;
        return token;
    }

    private ExprToken raw() {
        StringBuilder value = new StringBuilder();
        int end = at + 1;
        while (end < text.length() && (text.charAt(end) != '`' || text.startsWith("``", end))) {
            value.append(text.charAt(end));
            end += text.charAt(end) == '`' ? 2 : 1;
        }
        if (end >= text.length()) {
            throw source.refusal(at, "the text has no closing `");
        }
        own = true;
        return token(Kind.TEXT, end + 1 - at, value.toString());
    }

    private ExprToken quoted(char quote) {
        StringBuilder value = new StringBuilder();
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != quote && text.charAt(end) != '\n') {
            if (text.charAt(end) == '\\') {
                end = ExprEscape.read(source, end, value);
            } else {
                value.append(text.charAt(end++));
            }
        }
        if (end >= text.length() || text.charAt(end) != quote) {
            throw source.refusal(at, "the text has no closing " + quote);
        }
        return token(Kind.TEXT, end + 1 - at, value.toString());
    }
}
