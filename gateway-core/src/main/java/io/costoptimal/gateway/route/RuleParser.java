package io.costoptimal.gateway.route;

import com.googlecode.aviator.AviatorEvaluator;
import com.googlecode.aviator.AviatorEvaluatorInstance;
import com.googlecode.aviator.Expression;
import com.googlecode.aviator.Feature;
import com.googlecode.aviator.Options;
import com.googlecode.aviator.code.CodeGenerator;
import com.googlecode.aviator.exception.UnsupportedFeatureException;
import com.googlecode.aviator.lexer.token.NumberToken;
import com.googlecode.aviator.lexer.token.Token;
import com.googlecode.aviator.lexer.token.Token.TokenType;
import com.googlecode.aviator.lexer.token.Variable;
import com.googlecode.aviator.parser.ExpressionParser;
import com.googlecode.aviator.parser.Parser;
import com.googlecode.aviator.runtime.FunctionParam;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text to {@link Syntax}. Aviator's lexer and parser read the text and tell this white list what they found, in postfix
 * order, by the interface meant for generating code; what is not on the list is refused where it stands. No Aviator
 * expression is ever made, so none can be run.
 *
 * <p>Longer than most files here because Aviator's interface has a method per construct of its language.
 */
final class RuleParser implements CodeGenerator {

    private static final AviatorEvaluatorInstance AVIATOR = aviator();
    private static final Pattern SYNTAX_ERROR =
            Pattern.compile("Syntax error: *(.*?) *at ([0-9]+), lineNumber", Pattern.DOTALL);

    private final Source source;
    private final SyntaxStack stack;

    private RuleParser(Source source) {
        this.source = source;
        this.stack = new SyntaxStack(source);
    }

    /** @throws RuleException when the text is not an expression, or has something a rule may not have */
    static Syntax parse(Source source) {
        RuleParser parser = new RuleParser(source);
        RuleLexer lexer = new RuleLexer(AVIATOR, source);
        try {
            new ExpressionParser(AVIATOR, lexer, parser).parse();
        } catch (RuleException refused) {
            throw refused;
        } catch (UnsupportedFeatureException e) {
            throw source.refusal(lexer.offset(), "a rule is one expression; statements are not allowed");
        } catch (RuntimeException e) {
            throw parser.syntaxError(String.valueOf(e.getMessage()), lexer);
        }
        return parser.stack.whole();
    }

    /** Assignment is let through to the white list, which knows where it stands; all else is off. */
    private static AviatorEvaluatorInstance aviator() {
        AviatorEvaluatorInstance aviator = AviatorEvaluator.newInstance();
        aviator.setOption(Options.FEATURE_SET, Feature.asSet(Feature.Assignment));
        aviator.setFunctionMissing(null);
        return aviator;
    }

    private RuleException syntaxError(String message, RuleLexer lexer) {
        Matcher error = SYNTAX_ERROR.matcher(message);
        if (!error.lookingAt()) {
            String firstLine = message.lines().findFirst().orElse("");
            return source.refusal(lexer.offset(), "syntax error: " + firstLine);
        }
        // Before these two the parser steps back, so that what it says of the place is wrong.
        if (error.group(1).startsWith("unexpect token")) {
            String advice = RuleAdvice.word(source.text(), lexer.offset());
            return source.refusal(lexer.offset(), "syntax error: unexpected '" + lexer.lexeme() + "'" + advice);
        }
        if (error.group(1).startsWith("insert")) {
            return source.refusal(lexer.offset(), "syntax error: " + error.group(1));
        }
        int at = Math.min(RuleAdvice.wrongBeginning(source.text()), Integer.parseInt(error.group(2)));
        return source.refusal(at, "syntax error: " + error.group(1) + RuleAdvice.at(source.text(), at));
    }

    /** {@code token} may be absent: the parser hands over what comes next, which at the end is nothing. */
    private int at(Token<?> token) {
        return token == null ? source.text().length() : Math.max(token.getStartIndex(), 0);
    }

    private void refuse(String what, Token<?> token) {
        throw source.refusal(at(token), "'" + what + "' is not allowed");
    }

    @Override
    public void onConstant(Token<?> token) {
        switch (token.getType()) {
            case Number -> number((NumberToken) token);
            case String -> stack.push(new Syntax.Literal(at(token), token.getValue(null)));
            case Pattern -> pattern(token);
            case Variable -> name(token);
            default -> refuse(token.getLexeme(), token);
        }
    }

    private void number(NumberToken token) {
        Number value = token.getNumber();
        if (!(value instanceof Long || value instanceof Double)) {
            throw source.refusal(at(token), "number too large (expected: at most " + Long.MAX_VALUE + ")");
        }
        stack.push(new Syntax.Literal(at(token), value));
    }

    private void pattern(Token<?> token) {
        if (!source.text().startsWith("/" + token.getLexeme() + "/", at(token))) {
            throw source.refusal(at(token), "the pattern has no end");
        }
        stack.push(new Syntax.Regex(at(token), token.getLexeme()));
    }

    private void name(Token<?> token) {
        if (token == Variable.TRUE || token == Variable.FALSE) {
            stack.push(new Syntax.Literal(at(token), token == Variable.TRUE));
        } else if (token == Variable.NIL) {
            stack.push(new Syntax.Literal(at(token), null));
        } else {
            stack.push(new Syntax.Name(at(token), token.getLexeme()));
        }
    }

    @Override
    public void onArray(Token<?> token) {
        if (token.getType() != TokenType.Variable) {
            throw source.refusal(at(token), "only Headers can be indexed");
        }
        name(token);
    }

    @Override
    public void onArrayIndexEnd(Token<?> token) {
        stack.index();
    }

    @Override
    public void onMethodName(Token<?> token) {
        if (token.getType() != TokenType.Variable) {
            throw source.refusal(at(token), "only a function can be called");
        }
        if (TextTypes.isExprsOwn(token.getLexeme())) {
            // A rule that calls one is written in Expr's language, where '/' divides otherwise.
            refuse(token.getLexeme(), token);
        }
        stack.begin(token.getLexeme(), at(token));
    }

    @Override
    public void onMethodInvoke(Token<?> token) {
        stack.call();
    }

    @Override
    public void onTernaryBoolean(Token<?> token) {
        stack.begin("?:", at(token));
    }

    @Override
    public void onTernaryRight(Token<?> token) {
        stack.choice();
    }

    @Override
    public void onAndRight(Token<?> token) {
        stack.binary(Operator.AND, at(token));
    }

    @Override
    public void onJoinRight(Token<?> token) {
        stack.binary(Operator.OR, at(token));
    }

    @Override
    public void onNot(Token<?> token) {
        stack.unary(Operator.NOT, at(token));
    }

    @Override
    public void onNeg(Token<?> token) {
        stack.unary(Operator.NEGATE, at(token));
    }

    @Override
    public void onEq(Token<?> token) {
        stack.binary(Operator.EQ, at(token));
    }

    @Override
    public void onNeq(Token<?> token) {
        stack.binary(Operator.NE, at(token));
    }

    @Override
    public void onLt(Token<?> token) {
        stack.binary(Operator.LT, at(token));
    }

    @Override
    public void onLe(Token<?> token) {
        stack.binary(Operator.LE, at(token));
    }

    @Override
    public void onGt(Token<?> token) {
        stack.binary(Operator.GT, at(token));
    }

    @Override
    public void onGe(Token<?> token) {
        stack.binary(Operator.GE, at(token));
    }

    @Override
    public void onMatch(Token<?> token) {
        stack.binary(Operator.MATCH, at(token));
    }

    @Override
    public void onAdd(Token<?> token) {
        stack.binary(Operator.ADD, at(token));
    }

    @Override
    public void onSub(Token<?> token) {
        stack.binary(Operator.SUBTRACT, at(token));
    }

    @Override
    public void onMult(Token<?> token) {
        stack.binary(Operator.MULTIPLY, at(token));
    }

    @Override
    public void onDiv(Token<?> token) {
        stack.binary(Operator.DIVIDE, at(token));
    }

    @Override
    public void onMod(Token<?> token) {
        stack.binary(Operator.REMAINDER, at(token));
    }

    @Override
    public Expression getResult(boolean unboxObject) {
        return null;
    }

    @Override
    public void setParser(Parser parser) {}

    @Override
    public void onAndLeft(Token<?> token) {}

    @Override
    public void onJoinLeft(Token<?> token) {}

    @Override
    public void onTernaryLeft(Token<?> token) {}

    @Override
    public void onMethodParameter(Token<?> token) {}

    @Override
    public void onArrayIndexStart(Token<?> token) {}

    @Override
    public void onTernaryEnd(Token<?> token) {
        refuse(";", token);
    }

    @Override
    public void onAssignment(Token<?> token) {
        throw source.refusal(at(token), "'=' is not allowed (to compare: '==')");
    }

    @Override
    public void onExponent(Token<?> token) {
        refuse("**", token);
    }

    @Override
    public void onShiftLeft(Token<?> token) {
        refuse("<<", token);
    }

    @Override
    public void onShiftRight(Token<?> token) {
        refuse(">>", token);
    }

    @Override
    public void onUnsignedShiftRight(Token<?> token) {
        refuse(">>>", token);
    }

    @Override
    public void onBitAnd(Token<?> token) {
        refuse("&", token);
    }

    @Override
    public void onBitOr(Token<?> token) {
        refuse("|", token);
    }

    @Override
    public void onBitXor(Token<?> token) {
        refuse("^", token);
    }

    @Override
    public void onBitNot(Token<?> token) {
        refuse("~", token);
    }

    @Override
    public void onLambdaDefineStart(Token<?> token) {
        refuse("lambda", token);
    }

    @Override
    public void onLambdaArgument(Token<?> token, FunctionParam parameter) {
        refuse("lambda", token);
    }

    @Override
    public void onLambdaBodyStart(Token<?> token) {
        refuse("lambda", token);
    }

    @Override
    public void onLambdaBodyEnd(Token<?> token) {
        refuse("lambda", token);
    }
}
