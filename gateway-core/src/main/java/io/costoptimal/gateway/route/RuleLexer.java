package io.costoptimal.gateway.route;

import com.googlecode.aviator.AviatorEvaluatorInstance;
import com.googlecode.aviator.lexer.ExpressionLexer;
import com.googlecode.aviator.lexer.token.Token;
import com.googlecode.aviator.lexer.token.Token.TokenType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Aviator's lexer with checks in front of it. Refused before Aviator sees them: numbers that it takes minutes to read
 * ({@code 1e999999999}) or reads as something else ({@code 1e+5}, {@code 0xg}), and nesting so deep that its parser would
 * overflow the stack. The first character of a {@code /pattern/} is not mistaken for a token. Belongs to one parse.
 */
final class RuleLexer extends ExpressionLexer {

    private static final int DEEPEST = 50;
    private static final Pattern NUMBER =
            Pattern.compile("0[xX][0-9a-fA-F]{1,15}|(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE]-?[0-9]{1,2})?");

    private final Source source;
    private int offset;
    private String lexeme = "";
    private int pushedBack;
    private int depth;
    private int signs;
    private boolean operandBefore;
    private boolean patternBegins;

    RuleLexer(AviatorEvaluatorInstance aviator, Source source) {
        super(aviator, source.text());
        this.source = source;
    }

    /** Where the token read last begins. */
    int offset() {
        return offset;
    }

    /** The token read last, as written. */
    String lexeme() {
        return lexeme;
    }

    @Override
    public void pushback(Token<?> token) {
        pushedBack++;
        super.pushback(token);
    }

    @Override
    public Token<?> scan(boolean analyse) {
        if (pushedBack > 0) {
            pushedBack--;
            return super.scan(analyse);
        }
        if (!analyse || patternBegins) {
            patternBegins = false;
            return super.scan(false);
        }
        offset = skipBlanks(getCurrentIndex());
        if (offset < source.text().length()) {
            checkNext(source.text().charAt(offset));
        }
        Token<?> token = super.scan(true);
        if (token != null) {
            note(token);
        }
        return token;
    }

    private int skipBlanks(int from) {
        int at = from;
        while (at < source.text().length() && source.text().charAt(at) <= ' ') {
            at++;
        }
        return at;
    }

    private void checkNext(char c) {
        source.refuseCurlyQuote(offset);
        if (c == '#') {
            throw source.refusal(offset, "'#' is not allowed");
        }
        boolean fraction = c == '.'
                && offset + 1 < source.text().length()
                && Character.isLetterOrDigit(source.text().charAt(offset + 1));
        if (Character.isDigit(c) || fraction) {
            checkNumber();
        }
    }

    private void checkNumber() {
        String text = source.text();
        Matcher number = NUMBER.matcher(text).region(offset, text.length());
        int end = number.lookingAt() ? number.end() : offset;
        boolean goesOn =
                end < text.length() && (text.charAt(end) == '.' || Character.isJavaIdentifierPart(text.charAt(end)));
        if (end == offset || goesOn) {
            boolean inName =
                    offset > 1 && text.charAt(offset - 1) == '-' && Character.isLetter(text.charAt(offset - 2));
            throw source.refusal(
                    offset,
                    inName
                            ? "malformed number (a text stands in quotes)"
                            : "malformed number (expected: digits, a fraction, an exponent of at most two digits)");
        }
    }

    private void note(Token<?> token) {
        lexeme = token.getLexeme();
        boolean operand = token.getType() != TokenType.Char;
        switch (operand ? ' ' : lexeme.charAt(0)) {
            case '(', '[', '?' -> depth++;
            case ')', ']' -> {
                depth--;
                operand = true;
            }
            case '/' -> patternBegins = !operandBefore;
            case '!', '-', '~' -> signs++;
            default -> {}
        }
        if (operand) {
            signs = 0;
        }
        if (depth + signs > DEEPEST) {
            throw source.refusal(offset, "nested deeper than " + DEEPEST);
        }
        operandBefore = operand;
    }
}
