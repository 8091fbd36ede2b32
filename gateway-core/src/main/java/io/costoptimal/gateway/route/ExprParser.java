package io.costoptimal.gateway.route;

import io.costoptimal.gateway.route.ExprToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Text in Expr's language (expr-lang.org, the language of the Go original's rules) to {@link Syntax}. Precedences are
 * Expr's. Understood is what a rule over facts can use: comparisons, logic, arithmetic, {@code in}, tests of texts, calls
 * and {@code ?:}; everything else is refused where it stands, with what to write instead where there is something.
 *
 * <p>Belongs to one parse. Longer than most files here because a grammar is read best in one piece.
 */
final class ExprParser {

    private static final int DEEPEST = 50;
    private static final int MOST_PARTS = 512;
    private static final int NOT = 50;
    private static final int SIGN = 90;
    private static final int COMPARISON = 20;
    private static final int RANGE = 25;

    private static final Map<String, Integer> PRECEDENCE = Map.ofEntries(
            Map.entry("or", 10),
            Map.entry("||", 10),
            Map.entry("and", 15),
            Map.entry("&&", 15),
            Map.entry("==", COMPARISON),
            Map.entry("!=", COMPARISON),
            Map.entry("<", COMPARISON),
            Map.entry("<=", COMPARISON),
            Map.entry(">", COMPARISON),
            Map.entry(">=", COMPARISON),
            Map.entry("=~", COMPARISON),
            Map.entry("in", COMPARISON),
            Map.entry("contains", COMPARISON),
            Map.entry("startsWith", COMPARISON),
            Map.entry("endsWith", COMPARISON),
            Map.entry("matches", COMPARISON),
            Map.entry("+", 30),
            Map.entry("-", 30),
            Map.entry("*", 60),
            Map.entry("/", 60),
            Map.entry("%", 60),
            Map.entry("??", 500));

    private static final Map<String, Operator> OPERATORS = Map.ofEntries(
            Map.entry("or", Operator.OR),
            Map.entry("||", Operator.OR),
            Map.entry("and", Operator.AND),
            Map.entry("&&", Operator.AND),
            Map.entry("==", Operator.EQ),
            Map.entry("!=", Operator.NE),
            Map.entry("<", Operator.LT),
            Map.entry("<=", Operator.LE),
            Map.entry(">", Operator.GT),
            Map.entry(">=", Operator.GE),
            Map.entry("=~", Operator.MATCH),
            Map.entry("contains", Operator.CONTAINS),
            Map.entry("startsWith", Operator.STARTS_WITH),
            Map.entry("endsWith", Operator.ENDS_WITH),
            Map.entry("matches", Operator.MATCHES),
            Map.entry("+", Operator.ADD),
            Map.entry("-", Operator.SUBTRACT),
            Map.entry("*", Operator.MULTIPLY),
            Map.entry("/", Operator.QUOTIENT),
            Map.entry("%", Operator.REMAINDER),
            Map.entry("??", Operator.OTHERWISE));

    /** Operators that {@code not} may stand before: {@code Model not in [...]}. */
    private static final Set<String> NEGATABLE = Set.of("in", "contains", "startsWith", "endsWith", "matches");

    private final Source source;
    private final ExprLexer lexer;
    private ExprToken token;
    private int depth;
    private int parts;
    private boolean chained;

    ExprParser(Source source) {
        this.source = source;
        this.lexer = new ExprLexer(source);
    }

    /**
     * Reads the whole text.
     *
     * @throws RuleException when it is not an expression, or has something a rule may not have
     */
    Syntax parse() {
        advance();
        Syntax expression = expression(0);
        if (token.kind() != Kind.END) {
            throw unexpected();
        }
        return expression;
    }

    /** Whether the text has a comparison such as {@code 1 < x < 9}, or anything else of {@link ExprLexer#own}. */
    boolean own() {
        return chained || lexer.own();
    }

    private void advance() {
        token = lexer.next();
    }

    private RuleException unexpected() {
        String advice = switch (token.text()) {
            case "|" -> " (to call a function, write its argument in parentheses; for 'or', write '||')";
            case "=" -> " (to compare: '==')";
            case "let", "if", ";" -> " (a rule is one expression; for a choice, write condition ? a : b)";
            case "?.", "." -> " (a header is Headers[\"name\"])";
            case "**", "^" -> " (rules have no powers)";
            case "contains", "startsWith", "endsWith", "matches" ->
                " (it stands between two texts: Model " + token.text() + " \"gpt\")";
            default -> RuleAdvice.word(source.text(), token.at());
        };
        return source.refusal(token.at(), "unexpected '" + token.text() + "'" + advice);
    }

    private void expect(String sign) {
        if (!token.is(sign)) {
            throw source.refusal(token.at(), "unexpected '" + token.text() + "' (expected: '" + sign + "')");
        }
        advance();
    }

    private Syntax made(Syntax syntax) {
        return counted(syntax, 1);
    }

    /**
     * For what is written once and compared several times: its parts count each time, because it is evaluated each time.
     * Otherwise nesting would double the work with every level.
     */
    private Syntax again(Syntax syntax) {
        return counted(syntax, syntax.size());
    }

    private Syntax counted(Syntax syntax, int more) {
        parts += more;
        if (parts > MOST_PARTS) {
            throw source.refusal(syntax.at(), "more than " + MOST_PARTS + " operands and operators");
        }
        return syntax;
    }

    /** Reads as far as operators bind at least as tightly as {@code least}. */
    private Syntax expression(int least) {
        if (++depth > DEEPEST) {
            throw source.refusal(token.at(), "nested deeper than " + DEEPEST);
        }
        Syntax left = operand();
        while (token.kind() == Kind.OPERATOR) {
            ExprToken not = token.is("not") && least <= COMPARISON ? token : null;
            if (not != null) {
                advance();
                if (!NEGATABLE.contains(token.text())) {
                    throw unexpected();
                }
            }
            Integer precedence = PRECEDENCE.get(token.text());
            if (precedence == null || precedence < least) {
                break;
            }
            Syntax whole = operation(left, precedence);
            left = not == null ? whole : made(new Syntax.Unary(not.at(), Operator.NOT, whole));
        }
        if (least == 0 && token.is("?")) {
            left = choice(left);
        }
        depth--;
        return left;
    }

    private Syntax operation(Syntax left, int precedence) {
        ExprToken sign = token;
        advance();
        if (sign.is("in")) {
            return membership(sign, left);
        }
        Operator operator = OPERATORS.get(sign.text());
        Syntax right = expression(precedence + 1);
        Syntax operation = made(new Syntax.Binary(sign.at(), operator, left, right));
        // 1 < x < 9 says what it says in mathematics.
        while (operator.comparesOrder() && isOrder(token)) {
            chained = true;
            ExprToken next = token;
            advance();
            Syntax last = expression(precedence + 1);
            Syntax second = made(new Syntax.Binary(next.at(), OPERATORS.get(next.text()), again(right), last));
            operation = made(new Syntax.Binary(next.at(), Operator.AND, operation, second));
            right = last;
        }
        return operation;
    }

    private static boolean isOrder(ExprToken token) {
        return token.kind() == Kind.OPERATOR
                && OPERATORS.containsKey(token.text())
                && OPERATORS.get(token.text()).comparesOrder();
    }

    private Syntax choice(Syntax condition) {
        int at = token.at();
        advance();
        Syntax yes = expression(0);
        expect(":");
        return made(new Syntax.Choice(at, condition, yes, expression(0)));
    }

    /** What stands behind {@code in}: a list, a range, or the headers. */
    private Syntax membership(ExprToken in, Syntax item) {
        if (token.is("[")) {
            return oneOf(in, item);
        }
        if (token.kind() == Kind.NAME && token.text().equals("Headers")) {
            Syntax headers = made(new Syntax.Name(token.at(), token.text()));
            advance();
            Syntax header = made(new Syntax.Index(headers.at(), headers, item));
            return made(new Syntax.Binary(in.at(), Operator.NE, header, made(new Syntax.Literal(in.at(), null))));
        }
        Syntax low = token.is("(") || token.is("{") ? null : expression(RANGE + 1);
        if (low == null || !token.is("..")) {
            throw source.refusal(
                    in.at(),
                    "'in' needs a list such as [\"a\", \"b\"] or a range such as 1..1000"
                            + " (for a part of a text, write: text contains \"part\")");
        }
        advance();
        // The item is compared with both ends.
        return made(new Syntax.Between(in.at(), again(item), low, expression(RANGE + 1)));
    }

    private Syntax oneOf(ExprToken in, Syntax item) {
        List<Syntax> members = list("[", "]");
        boolean texts = members.stream()
                .allMatch(member -> member instanceof Syntax.Literal literal && literal.value() instanceof String);
        if (texts) {
            return made(new Syntax.OneOf(in.at(), item, members));
        }
        Syntax any = made(new Syntax.Binary(in.at(), Operator.EQ, item, members.get(0)));
        for (Syntax member : members.subList(1, members.size())) {
            Syntax equal = made(new Syntax.Binary(in.at(), Operator.EQ, again(item), member));
            any = made(new Syntax.Binary(in.at(), Operator.OR, any, equal));
        }
        return any;
    }

    /** Expressions between brackets, with commas between them and perhaps one behind the last. */
    private List<Syntax> list(String opening, String closing) {
        expect(opening);
        List<Syntax> items = new ArrayList<>();
        while (!token.is(closing)) {
            items.add(expression(0));
            if (!token.is(closing)) {
                expect(",");
            }
        }
        advance();
        return items;
    }

    private Syntax operand() {
        ExprToken first = token;
        switch (first.kind()) {
            case NUMBER, TEXT -> {
                advance();
                return made(new Syntax.Literal(first.at(), first.value()));
            }
            case REGEX -> {
                advance();
                return made(new Syntax.Regex(first.at(), first.text()));
            }
            case NAME -> {
                advance();
                return named(first);
            }
            default -> {
                return signed(first);
            }
        }
    }

    private Syntax signed(ExprToken first) {
        if (first.is("not") || first.is("!")) {
            advance();
            return made(Syntax.Unary.of(first.at(), Operator.NOT, expression(NOT)));
        }
        if (first.is("-")) {
            advance();
            return made(Syntax.Unary.of(first.at(), Operator.NEGATE, expression(SIGN)));
        }
        if (first.is("+")) {
            advance();
            return expression(SIGN);
        }
        if (!first.is("(")) {
            throw unexpected();
        }
        advance();
        Syntax inner = expression(0);
        expect(")");
        return inner;
    }

    private Syntax named(ExprToken name) {
        switch (name.text()) {
            case "true", "false" -> {
                return made(new Syntax.Literal(name.at(), name.text().equals("true")));
            }
            case "nil" -> {
                return made(new Syntax.Literal(name.at(), null));
            }
            default -> {}
        }
        if (token.is("(")) {
            return made(new Syntax.Call(name.at(), name.text(), list("(", ")")));
        }
        Syntax variable = made(new Syntax.Name(name.at(), name.text()));
        if (!token.is("[")) {
            return variable;
        }
        advance();
        Syntax key = expression(0);
        expect("]");
        return made(new Syntax.Index(name.at(), variable, key));
    }
}
