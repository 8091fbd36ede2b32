package io.costoptimal.gateway.tokens;

import io.costoptimal.gateway.exchange.BodyText;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.SeenText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.BooleanSupplier;

/**
 * Counts the tokens of one request body: what its API counts as text, in the encoding of its model, plus the overhead per
 * message of OpenAI's cookbook. Pure and thread safe; slow, so never called on an event loop.
 *
 * <p>Two bounds hold for every body and are tested: a count is at most the length of the body in bytes, because a token is
 * at least one byte and every overhead stands for JSON that is longer than it; and at least the bytes of text by 128, the
 * length of the longest token.
 *
 * <p>A body that is no JSON is counted up to its fault; the stage before has refused it, so that is no case to answer.
 */
public final class TokenCounter {

    private TokenCounter() {}

    /**
     * Counts all of a body.
     *
     * @param model decides the encoding, see {@link Encodings#nameFor}
     */
    public static long count(Operation operation, String model, byte[] body) {
        Tally tally = tally(model, Long.MAX_VALUE, () -> false);
        walk(operation, Unpooled.wrappedBuffer(body), tally);
        return tally.count();
    }

    /**
     * Counts the text of an answer: a stream's as one text, a document's string by string.
     *
     * @param cancelled asked now and then; when true, this ends with a {@link java.util.concurrent.CancellationException}
     */
    public static long count(Operation operation, String model, SeenText text, BooleanSupplier cancelled) {
        if (text.length() == 0 || !operation.answers().text().any()) {
            return 0;
        }
        Tally tally = tally(model, Long.MAX_VALUE, cancelled);
        ByteBuf bytes = Unpooled.wrappedBuffer(text.bytes(), 0, text.length());
        if (text.isDocument()) {
            walk(bytes, operation.answers().text().document(), tally, true);
        } else {
            TextWindow window = new TextWindow(bytes, false);
            window.openString(0);
            tally.text(window);
        }
        return tally.count();
    }

    static Tally tally(String model, long limit, BooleanSupplier cancelled) {
        return new Tally(Encodings.get(Encodings.nameFor(model)), limit, cancelled);
    }

    /** Walks over {@code body}, which is borrowed, until it ends or the tally is settled. */
    static void walk(Operation operation, ByteBuf body, Tally tally) {
        walk(body, operation.body().text(), tally, false);
    }

    private static void walk(ByteBuf body, BodyText.Walker text, Tally tally, boolean cut) {
        try {
            BodyCursor in = new BodyCursor(body, tally, cut);
            in.members(text.over(in));
        } catch (IllegalArgumentException e) {
            if (e != BodyCursor.FAULT) {
                throw e;
            }
            // Counted up to here, see above.
        }
    }
}
