package io.costoptimal.gateway.route;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What to write instead of something that rules do not have and other languages do. Every text is empty if nothing is known. */
final class RuleAdvice {

    private static final Map<String, String> WORDS = Map.of(
            "and", "&& or and",
            "or", "|| or or",
            "not", "! or not",
            "is", "==",
            "eq", "==",
            "equals", "==",
            "null", "nil",
            "none", "nil",
            "like", "contains, startsWith, endsWith or matches");
    private static final Map<String, String> SIGNS = Map.of(
            "===", "==",
            "!==", "!=",
            "<>", "!=",
            "=>", ">=",
            "=<", "<=",
            "&&&", "&&",
            "|||", "||");
    private static final Set<String> BETWEEN_TEXTS = Set.of("contains", "startsWith", "endsWith", "matches");
    private static final String OPERATORS = "=!<>&|";
    private static final String NO_BEGINNING = "<>=&|*%)],:?";

    private RuleAdvice() {}

    /** What follows a refusal of the word or sign at {@code at}. */
    static String word(String rule, int at) {
        if (at >= rule.length()) {
            return "";
        }
        if (rule.charAt(at) == '{' && at > 0 && rule.charAt(at - 1) == '$') {
            return " (no variable is replaced in a rule)";
        }
        String before = rule.substring(0, at).stripTrailing();
        boolean digitBefore = !before.isEmpty() && Character.isDigit(before.charAt(before.length() - 1));
        boolean thousands = digitBefore
                && (Character.isDigit(rule.charAt(at))
                        || rule.charAt(at) == ',' && at + 1 < rule.length() && Character.isDigit(rule.charAt(at + 1)));
        if (thousands) {
            return " (thousands are written 12_000)";
        }
        int end = at;
        while (end < rule.length() && Character.isJavaIdentifierPart(rule.charAt(end))) {
            end++;
        }
        return expected(WORDS.get(rule.substring(at, end).toLowerCase(Locale.ROOT)));
    }

    /** What follows a refusal of whatever is at {@code at}. */
    static String at(String rule, int at) {
        String word = word(rule, at);
        return word.isEmpty() ? sign(rule, at) : word;
    }

    /** What follows a refusal of the sign at {@code at}, or of one that ends or begins there. */
    private static String sign(String rule, int at) {
        int begin = Math.min(at, rule.length());
        while (begin > 0 && OPERATORS.indexOf(rule.charAt(begin - 1)) >= 0) {
            begin--;
        }
        int end = Math.min(at, rule.length());
        while (end < rule.length() && OPERATORS.indexOf(rule.charAt(end)) >= 0) {
            end++;
        }
        return expected(SIGNS.get(rule.substring(begin, end)));
    }

    /** Where a sign stands with which no rule begins, if {@code rule} begins with it; else the end. */
    static int wrongBeginning(String rule) {
        int first = rule.length() - rule.stripLeading().length();
        return NO_BEGINNING.indexOf(rule.charAt(first)) >= 0 ? first : rule.length();
    }

    /** What precedes the list of variables when {@code name} is none of them. */
    static String variable(String rule, Syntax.Name name, Collection<String> known) {
        int end = name.at() + name.name().length();
        if (end + 1 < rule.length() && rule.charAt(end) == '-' && Character.isLetterOrDigit(rule.charAt(end + 1))) {
            return "a text stands in quotes; ";
        }
        String letters = name.name().replace("_", "");
        return known.stream()
                .filter(variable -> variable.equalsIgnoreCase(letters))
                .findFirst()
                .map(variable -> "nearest: " + variable + "; ")
                .orElse("");
    }

    /** What precedes the list of functions when there is none with the name of {@code call}. */
    static String function(Syntax.Call call) {
        int dot = call.function().lastIndexOf('.');
        String method = call.function().substring(dot + 1);
        return dot > 0 && BETWEEN_TEXTS.contains(method)
                ? "write " + call.function().substring(0, dot) + " " + method + " \"...\"; "
                : "";
    }

    private static String expected(String what) {
        return what == null ? "" : " (expected: " + what + ")";
    }
}
