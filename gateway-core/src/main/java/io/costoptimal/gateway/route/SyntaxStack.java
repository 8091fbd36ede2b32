package io.costoptimal.gateway.route;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Puts an expression together from the parts the parser reports in postfix order. Belongs to one parse.
 *
 * <p>Aviator reports some broken input as if it were whole, with operands missing; nothing here trusts it to balance.
 */
final class SyntaxStack {

    private static final int MOST_PARTS = 512;

    private final Source source;
    private final List<Syntax> operands = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private int parts;

    /**
     * A call or a choice that has begun and not ended.
     *
     * @param floor how many operands were on the stack when it began; those do not belong to it
     */
    private record Open(int at, String name, int floor) {}

    SyntaxStack(Source source) {
        this.source = source;
    }

    void push(Syntax operand) {
        if (++parts > MOST_PARTS) {
            throw source.refusal(operand.at(), "more than " + MOST_PARTS + " operands and operators");
        }
        operands.add(operand);
    }

    void unary(Operator operator, int at) {
        Syntax operand = pop(at, operator.toString());
        push(Syntax.Unary.of(at, operator, operand));
    }

    void binary(Operator operator, int at) {
        Syntax right = pop(at, operator.toString());
        Syntax left = pop(at, operator.toString());
        push(new Syntax.Binary(at, operator, left, right));
    }

    /** A call or a choice begins, named by the token at {@code at}. */
    void begin(String name, int at) {
        open.push(new Open(at, name, operands.size()));
    }

    /** The call begun last ends. */
    void call() {
        Open call = open.pop();
        List<Syntax> arguments = operands.subList(call.floor(), operands.size());
        Syntax whole = new Syntax.Call(call.at(), call.name(), List.copyOf(arguments));
        arguments.clear();
        push(whole);
    }

    /** The choice begun last ends. */
    void choice() {
        Open choice = open.pop();
        Syntax no = pop(choice.at(), choice.name());
        Syntax yes = pop(choice.at(), choice.name());
        push(new Syntax.Choice(choice.at(), pop(choice.at(), choice.name()), yes, no));
    }

    void index() {
        Syntax key = pop(0, "[]");
        Syntax of = pop(key.at(), "[]");
        push(new Syntax.Index(of.at(), of, key));
    }

    /** The whole expression. */
    Syntax whole() {
        if (operands.size() != 1 || !open.isEmpty()) {
            throw source.refusal(0, "the expression is incomplete");
        }
        return operands.get(0);
    }

    private Syntax pop(int at, String wantedBy) {
        int floor = open.isEmpty() ? 0 : open.peek().floor();
        if (operands.size() <= floor) {
            throw source.refusal(at, "'" + wantedBy + "' lacks an operand");
        }
        return operands.remove(operands.size() - 1);
    }
}
