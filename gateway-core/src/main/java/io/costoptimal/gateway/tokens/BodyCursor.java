package io.costoptimal.gateway.tokens;

import io.costoptimal.gateway.exchange.BodyText;
import io.netty.buffer.ByteBuf;
import java.util.Set;

/**
 * Walks over one JSON body in document order and gives what callers name as text to a {@link Tally}. Confined to one thread.
 *
 * <p>Once the tally is settled the cursor moves no more and every loop ends.
 *
 * <p>It trusts that the body is valid JSON, as the stage before has found it to be, and holds none of it: neither a string
 * nor a name nor a number of many megabytes takes more memory than a short one.
 */
final class BodyCursor implements BodyText {

    /** Thrown where the body is no JSON; one for all, since nobody asks where. */
    static final RuntimeException FAULT = new IllegalArgumentException("no JSON", null) {
        private static final long serialVersionUID = 1;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    };

    /** Deeper than any configuration allows. */
    private static final int MAX_DEPTH = 1000;

    /** Longer than any name that means something; a longer one is taken for the empty name. */
    private static final int MAX_NAME = 64;

    private final BodyBytes body;
    private final Tally tally;
    private final TextWindow window;
    private final StringBuilder name = new StringBuilder(MAX_NAME);

    /** Index of the first byte of the value. */
    private int at;

    private int depth;

    /**
     * Borrows {@code body} for its own life.
     *
     * @param cut whether it may be the begin of a body, whose last string is text up to where it was cut
     */
    BodyCursor(ByteBuf body, Tally tally, boolean cut) {
        this.body = new BodyBytes(body);
        this.tally = tally;
        this.window = new TextWindow(body, cut);
        skipSpace();
    }

    @Override
    public void overhead(int tokens) {
        tally.add(tokens);
    }

    @Override
    public boolean onString() {
        return body.at(at) == '"';
    }

    @Override
    public boolean onObject() {
        return body.at(at) == '{';
    }

    @Override
    public boolean onArray() {
        return body.at(at) == '[';
    }

    @Override
    public void members(Members each) {
        if (!onObject()) {
            skip();
            return;
        }
        enter();
        boolean more = !closes('}');
        while (more && !tally.settled()) {
            String key = name();
            skipSpace();
            expect(':');
            skipSpace();
            each.member(key);
            more = !tally.settled() && goesOn('}');
        }
        depth--;
    }

    @Override
    public void elements(Runnable each) {
        if (!onArray()) {
            skip();
            return;
        }
        enter();
        boolean more = !closes(']');
        while (more && !tally.settled()) {
            each.run();
            more = !tally.settled() && goesOn(']');
        }
        depth--;
    }

    @Override
    public void skip() {
        int open = 0;
        do {
            switch (body.at(at)) {
                case '{', '[' -> {
                    open++;
                    at++;
                }
                case '}', ']' -> {
                    open--;
                    at++;
                }
                case '"' -> skipString();
                case ' ', '\t', '\n', '\r', ',', ':' -> at++;
                default -> skipScalar();
            }
        } while (open > 0);
    }

    private void skipString() {
        for (at++; body.at(at) != '"'; at++) {
            if (body.at(at) == '\\') {
                at++;
            }
            if (body.at(at) == BodyBytes.END) {
                throw FAULT;
            }
        }
        at++;
    }

    /** Passes a number or a word by; returns whether it is a whole number. */
    private boolean skipScalar() {
        boolean digits = true;
        int start = at;
        for (int b = body.at(at); isOfScalar(b); b = body.at(++at)) {
            digits &= b >= '0' && b <= '9' || b == '-';
        }
        if (at == start) {
            throw FAULT;
        }
        return digits;
    }

    private static boolean isOfScalar(int b) {
        return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b == '-' || b == '+' || b == '.' || b == 'E';
    }

    @Override
    public void text() {
        if (onString()) {
            window.openString(at);
            tally.text(window);
            if (!tally.settled()) {
                at = window.index();
            }
        } else {
            skip();
        }
    }

    @Override
    public void json() {
        if (!onObject() && !onArray()) {
            text();
            return;
        }
        int start = at;
        skip();
        window.openRaw(start, at);
        tally.text(window);
    }

    @Override
    public void strings(Set<String> opaque) {
        if (onObject()) {
            members(key -> {
                if (opaque.contains(key)) {
                    skip();
                } else {
                    strings(opaque);
                }
            });
        } else if (onArray()) {
            elements(() -> strings(opaque));
        } else {
            text();
        }
    }

    @Override
    public void textOrTokens() {
        if (onArray()) {
            elements(this::textOrTokens);
        } else if (onString() || onObject()) {
            text();
        } else if (skipScalar()) {
            overhead(1);
        }
    }

    @Override
    public boolean is(String expected) {
        if (onString()) {
            return name().equals(expected);
        }
        skip();
        return false;
    }

    @Override
    public int offset() {
        return at;
    }

    @Override
    public void textAt(int offset) {
        if (!tally.settled()) {
            window.openString(offset);
            tally.text(window);
        }
    }

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw FAULT;
        }
        at++;
        skipSpace();
    }

    /** Whether the object or array ends here, behind the value just taken or with none at all. */
    private boolean closes(char bracket) {
        if (body.at(at) != bracket) {
            return false;
        }
        at++;
        return true;
    }

    private boolean goesOn(char bracket) {
        skipSpace();
        if (closes(bracket)) {
            return false;
        }
        expect(',');
        skipSpace();
        return true;
    }

    private void expect(char c) {
        if (body.at(at) != c) {
            throw FAULT;
        }
        at++;
    }

    private void skipSpace() {
        for (int b = body.at(at); b == ' ' || b == '\n' || b == '\r' || b == '\t'; ) {
            b = body.at(++at);
        }
    }

    /** Takes the string here and returns it, or the empty one when it is too long to be a name that means something. */
    private String name() {
        if (!onString()) {
            throw FAULT;
        }
        int start = at;
        skipString();
        if (at - start > 6 * MAX_NAME) {
            return "";
        }
        name.setLength(0);
        window.openString(start);
        while (window.fill()) {
            name.append(window.chars(), window.from(), window.end() - window.from());
            window.taken(window.end());
        }
        return name.toString();
    }
}
