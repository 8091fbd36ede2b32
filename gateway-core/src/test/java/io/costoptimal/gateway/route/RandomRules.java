package io.costoptimal.gateway.route;

import java.util.Random;

/** Writes well-typed expressions, the same ones for the same seed. What is nil here and an error in Aviator is left out. */
final class RandomRules {

    private static final String[] COMPARISONS = {">", ">=", "<", "<=", "==", "!="};
    private static final String[] EQUALITIES = {"==", "!="};
    private static final String[] ARITHMETIC = {"+", "-", "*", "+", "-", "/", "%"};
    private static final String[] TEXTS = {"'gpt-4o'", "'gpt-4o-mini'", "''", "'gold'", "\"/v1/messages\"", "'team'"};
    private static final String[] PATTERNS = {
        "/^gpt-4.*/", "/.*mini/", "/gpt-4o(-mini)?/", "/[a-z]+/", "/.*/", "/\\/v1\\/.*/", "/gold|team/", "/^gpt\\-4.*/"
    };

    private final Random random;

    RandomRules(Random random) {
        this.random = random;
    }

    String condition(int depth) {
        int kind = random.nextInt(depth <= 0 ? 7 : 12);
        return switch (kind) {
            case 0, 1 -> "TokenCount " + one(COMPARISONS) + " " + random.nextInt(600);
            case 2 -> compared(whole(depth - 1), whole(depth - 1));
            case 3 -> compared(decimal(depth - 1), random.nextBoolean() ? whole(depth - 1) : decimal(depth - 1));
            case 4 -> texts(depth - 1);
            case 5 ->
                one("Headers['x-tier'] ", "Headers['x-none'] ", "ClientAddress ") + one(EQUALITIES) + " "
                        + one("nil", "'gold'", "Key");
            case 6 -> one("Stream", "true", "false", "Stream");
            case 7, 8 -> "(" + condition(depth - 1) + " && " + condition(depth - 1) + ")";
            case 9 -> "(" + condition(depth - 1) + " || " + condition(depth - 1) + ")";
            case 10 -> "!(" + condition(depth - 1) + ")";
            default ->
                random.nextBoolean()
                        ? "((" + condition(depth - 1) + ") " + one(EQUALITIES) + " (" + condition(depth - 1) + "))"
                        : choice(depth, condition(depth - 1), condition(depth - 1));
        };
    }

    private String compared(String left, String right) {
        return left + " " + one(COMPARISONS) + " " + right;
    }

    private String texts(int depth) {
        return switch (random.nextInt(4)) {
            case 0 -> text(depth) + " " + one(COMPARISONS) + " " + text(depth);
            case 1 -> text(depth) + " =~ " + one(PATTERNS);
            default ->
                one("string.startsWith(", "string.endsWith(", "string.contains(") + text(depth) + ", " + text(depth)
                        + ")";
        };
    }

    private String text(int depth) {
        if (depth > 0 && random.nextInt(6) == 0) {
            return choice(depth, text(depth - 1), text(depth - 1));
        }
        return random.nextBoolean() ? one("Model", "Path", "Key") : one(TEXTS);
    }

    private String whole(int depth) {
        int kind = random.nextInt(depth <= 0 ? 5 : 9);
        return switch (kind) {
            case 0, 1 -> "TokenCount";
            case 2 -> "MaxTokens";
            case 3 -> one("0", "1", "2", "7", "300", "0x1F", "9223372036854775807", "4611686018427387904");
            case 4 ->
                random.nextBoolean() ? "string.length(" + text(depth - 1) + ")" : "(TokenCount / (MaxTokens + 1))";
            case 5 -> "(-" + whole(depth - 1) + ")";
            case 6 -> choice(depth, whole(depth - 1), whole(depth - 1));
            default -> "(" + whole(depth - 1) + " " + one(ARITHMETIC) + " " + whole(depth - 1) + ")";
        };
    }

    private String decimal(int depth) {
        int kind = random.nextInt(depth <= 0 ? 1 : 5);
        return switch (kind) {
            case 0 -> one("0.0", "1.5", "0.25", ".5", "3e2", "1e-2", "1e99");
            case 1 -> "(-" + decimal(depth - 1) + ")";
            case 2 -> choice(depth, decimal(depth - 1), decimal(depth - 1));
            case 3 -> "(" + whole(depth - 1) + " " + one(ARITHMETIC) + " " + decimal(depth - 1) + ")";
            default -> "(" + decimal(depth - 1) + " " + one(ARITHMETIC) + " " + whole(depth - 1) + ")";
        };
    }

    private String choice(int depth, String yes, String no) {
        return "(" + condition(depth - 2) + " ? " + yes + " : " + no + ")";
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }
}
