package io.costoptimal.gateway.route;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression in the syntax of Go's {@code regexp} (RE2), rewritten for Java's matcher. What the two read
 * differently is written so that Java does what Go would; what Java could do and Go could not is refused, as Go refuses it.
 * Belongs to one pattern.
 */
final class GoPattern {

    private static final Pattern REPETITION = Pattern.compile("\\{(\\d{1,4})(?:,(\\d{0,4}))?}");
    private static final Pattern GROUP = Pattern.compile("\\(\\?(?:P?<([A-Za-z_]\\w*)>|([is]*(?:-[is]+)?)([:)]))");
    private static final Pattern NAMED_CLASS = Pattern.compile("\\[:(\\^?)([a-z]+):]");
    private static final Map<String, String> CLASSES = Map.ofEntries(
            Map.entry("alnum", "0-9A-Za-z"),
            Map.entry("alpha", "A-Za-z"),
            Map.entry("ascii", "\\x00-\\x7F"),
            Map.entry("blank", "\\t "),
            Map.entry("cntrl", "\\x00-\\x1F\\x7F"),
            Map.entry("digit", "0-9"),
            Map.entry("graph", "!-~"),
            Map.entry("lower", "a-z"),
            Map.entry("print", " -~"),
            Map.entry("punct", "!-/:-@\\[-`{-~"),
            Map.entry("space", "\\t\\n\\x0B\\f\\r "),
            Map.entry("upper", "A-Z"),
            Map.entry("word", "0-9A-Za-z_"),
            Map.entry("xdigit", "0-9A-Fa-f"));
    private static final String AFTER_WORD = "(?<=[0-9A-Za-z_])";
    private static final String NOT_AFTER_WORD = "(?<![0-9A-Za-z_])";
    private static final String BEFORE_WORD = "(?=[0-9A-Za-z_])";
    private static final String NOT_BEFORE_WORD = "(?![0-9A-Za-z_])";
    private static final int MOST_REPETITIONS = 1000;
    private static final int DEEPEST = 1000;
    private static final String SPECIAL = "^$.|?*+()[]{}\\";

    private final String pattern;
    private final Set<String> names = new HashSet<>();
    private final StringBuilder java = new StringBuilder();
    private int at;
    private boolean repeatable;
    private int depth;

    private GoPattern(String pattern) {
        this.pattern = pattern;
    }

    /**
     * The same pattern for Java, to be searched for.
     *
     * @throws PatternSyntaxException when Go would refuse it, or when it cannot be said in Java's terms
     */
    static Pattern compile(String pattern) {
        // In this mode only \n ends a line, as in Go.
        return Pattern.compile(new GoPattern(pattern).translate(), Pattern.UNIX_LINES);
    }

    /** The text that {@code pattern} looks for, if it holds nothing but ordinary characters; {@code null} otherwise. */
    static String plain(String pattern) {
        return pattern.chars().allMatch(c -> SPECIAL.indexOf(c) < 0) ? pattern : null;
    }

    private String translate() {
        while (at < pattern.length()) {
            one();
        }
        return java.toString();
    }

    private PatternSyntaxException refusal(String what) {
        return new PatternSyntaxException(what, pattern, at);
    }

    private void one() {
        char c = pattern.charAt(at);
        switch (c) {
            case '\\' -> escape(false);
            case '[' -> charClass();
            case '(' -> group();
            case '*', '+', '?' -> repeat(String.valueOf(c));
            case '{' -> {
                Matcher repetition = REPETITION.matcher(pattern).region(at, pattern.length());
                if (repetition.lookingAt()) {
                    checkCount(repetition.group(1));
                    checkCount(repetition.group(2));
                    repeat(repetition.group());
                } else {
                    take("\\{", 1, true);
                }
            }
            case '}', ']' -> take("\\" + c, 1, true);
            case '|' -> take("|", 1, false);
            case ')' -> {
                depth--;
                take(")", 1, true);
            }
            // Java's $ also matches before a line feed that ends the text.
            case '$' -> take("\\z", 1, true);
            case '^' -> take("\\A", 1, true);
            default -> take(pattern.substring(at, at + width()), width(), true);
        }
    }

    private int width() {
        return Character.charCount(pattern.codePointAt(at));
    }

    private void take(String translated, int length, boolean mayRepeat) {
        java.append(translated);
        at += length;
        repeatable = mayRepeat;
    }

    private void checkCount(String count) {
        if (count != null && !count.isEmpty() && Integer.parseInt(count) > MOST_REPETITIONS) {
            throw refusal("more than " + MOST_REPETITIONS + " repetitions");
        }
    }

    private void repeat(String quantifier) {
        if (!repeatable) {
            throw refusal("nothing to repeat, or repeated twice");
        }
        boolean lazy = pattern.startsWith("?", at + quantifier.length());
        take(quantifier + (lazy ? "?" : ""), quantifier.length() + (lazy ? 1 : 0), false);
    }

    private void group() {
        if (++depth > DEEPEST) {
            throw refusal("groups nested deeper than " + DEEPEST);
        }
        if (!pattern.startsWith("(?", at)) {
            take("(?:", 1, false);
            return;
        }
        Matcher group = GROUP.matcher(pattern).region(at, pattern.length());
        if (!group.lookingAt()) {
            throw refusal(
                    "a group that is not understood, such as look-around, or the flags m and U (expected: (...), (?:...), (?i), (?s))");
        }
        if (group.group(1) != null && !names.add(group.group(1))) {
            throw refusal("two groups are called " + group.group(1));
        }
        String flags = group.group(2) == null ? "" : group.group(2);
        // Go folds case by Unicode.
        String ours = flags.replaceFirst("i", "iu");
        String end = group.group(3) == null ? ":" : group.group(3);
        depth -= end.equals(")") ? 1 : 0;
        take("(?" + (ours.isEmpty() && end.equals(")") ? "-d:)" : ours + end), group.end() - group.start(), false);
    }

    private void charClass() {
        java.append('[');
        at++;
        if (pattern.startsWith("^", at)) {
            java.append('^');
            at++;
        }
        int first = at;
        while (at < pattern.length() && (pattern.charAt(at) != ']' || at == first)) {
            member();
        }
        if (at >= pattern.length()) {
            throw refusal("a class without ]");
        }
        take("]", 1, true);
    }

    private void member() {
        Matcher named = NAMED_CLASS.matcher(pattern).region(at, pattern.length());
        char c = pattern.charAt(at);
        if (c == '[' && named.lookingAt()) {
            String members = CLASSES.get(named.group(2));
            if (members == null) {
                throw refusal("unknown class " + named.group());
            }
            java.append(named.group(1).isEmpty() ? members : "[^" + members + "]");
            at = named.end();
        } else if (c == '\\') {
            escape(true);
        } else {
            // These mean something in Java's classes and nothing in Go's.
            java.append("[]&^~".indexOf(c) >= 0 ? "\\" : "").append(pattern, at, at + width());
            at += width();
        }
    }

    private void escape(boolean inClass) {
        if (at + 1 >= pattern.length()) {
            throw refusal("a backslash at the end");
        }
        char c = pattern.charAt(at + 1);
        switch (c) {
            case 'd', 'D', 'w', 'W' -> take("\\" + c, 2, true);
            case 's' -> take(inClass ? "\\t\\n\\f\\r " : "[\\t\\n\\f\\r ]", 2, true);
            case 'S' -> take("[^\\t\\n\\f\\r ]", 2, true);
            case 'a', 'f', 'n', 'r', 't' -> take("\\" + c, 2, true);
            case 'v' -> take("\\x0B", 2, true);
            case 'x' -> codePoint();
            case 'p', 'P' -> property(c);
            default -> {
                if (inClass && Character.isLetterOrDigit(c)) {
                    throw refusal("unknown escape \\" + c + " in a class");
                }
                assertion(c);
            }
        }
    }

    private void assertion(char c) {
        switch (c) {
            case 'A' -> take("\\A", 2, true);
            case 'z' -> take("\\z", 2, true);
            case 'b' -> take("(?:" + AFTER_WORD + NOT_BEFORE_WORD + "|" + NOT_AFTER_WORD + BEFORE_WORD + ")", 2, true);
            case 'B' -> take("(?:" + AFTER_WORD + BEFORE_WORD + "|" + NOT_AFTER_WORD + NOT_BEFORE_WORD + ")", 2, true);
            case 'Q' -> {
                int end = pattern.indexOf("\\E", at);
                String quoted = pattern.substring(at + 2, end < 0 ? pattern.length() : end);
                quoted.codePoints().forEach(character -> java.append(Pattern.quote(Character.toString(character))));
                take("", (end < 0 ? pattern.length() : end + 2) - at, !quoted.isEmpty());
            }
            default -> {
                if (c > 0x7F || Character.isLetterOrDigit(c) || c <= ' ') {
                    throw refusal("unknown escape \\" + c);
                }
                take("\\" + c, 2, true);
            }
        }
    }

    private void codePoint() {
        boolean braces = pattern.startsWith("{", at + 2);
        int begin = at + (braces ? 3 : 2);
        int end = braces ? pattern.indexOf('}', begin) : Math.min(begin + 2, pattern.length());
        String digits = end < begin ? "" : pattern.substring(begin, end);
        if (!digits.matches(braces ? "[0-9A-Fa-f]{1,6}" : "[0-9A-Fa-f]{2}")
                || !Character.isValidCodePoint(Integer.parseInt(digits, 16))) {
            throw refusal("malformed \\x");
        }
        take("\\x{" + digits + "}", end + (braces ? 1 : 0) - at, true);
    }

    /** A category of Unicode such as {@code \pL} or {@code \p{Lu}}, or a script such as {@code \p{Greek}}. */
    private void property(char c) {
        boolean braces = pattern.startsWith("{", at + 2);
        int end = braces ? pattern.indexOf('}', at) + 1 : Math.min(at + 3, pattern.length());
        String name = end < at + 3 ? "" : pattern.substring(at + (braces ? 3 : 2), braces ? end - 1 : end);
        if (!name.matches("[A-Za-z_]+")) {
            throw refusal("malformed \\" + c);
        }
        boolean category = name.length() <= 2;
        take("\\" + c + "{" + (category ? name : "Is" + name.toLowerCase(Locale.ROOT)) + "}", end - at, true);
    }
}
