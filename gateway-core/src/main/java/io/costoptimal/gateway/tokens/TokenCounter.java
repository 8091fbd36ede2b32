package io.costoptimal.gateway.tokens;

import io.costoptimal.gateway.exchange.Endpoint;
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
    public static long count(Endpoint endpoint, String model, byte[] body) {
        Tally tally = tally(model, Long.MAX_VALUE, () -> false);
        walk(endpoint, Unpooled.wrappedBuffer(body), tally);
        return tally.count();
    }

    static Tally tally(String model, long limit, BooleanSupplier cancelled) {
        return new Tally(Encodings.get(Encodings.nameFor(model)), limit, cancelled);
    }

    /** Walks over {@code body}, which is borrowed, until it ends or the tally is settled. */
    static void walk(Endpoint endpoint, ByteBuf body, Tally tally) {
        try {
            BodyCursor in = new BodyCursor(body, tally);
            in.members(members(endpoint, in));
        } catch (IllegalArgumentException e) {
            if (e != BodyCursor.FAULT) {
                throw e;
            }
            // Counted up to here, see above.
        }
    }

    private static BodyCursor.Members members(Endpoint endpoint, BodyCursor in) {
        return switch (endpoint) {
            case CHAT_COMPLETIONS -> new ChatText(in)::body;
            case RESPONSES, RESPONSES_INPUT_TOKENS -> new ResponsesText(in)::body;
            case MESSAGES, MESSAGES_COUNT_TOKENS -> new MessagesText(in)::body;
            case COMPLETIONS -> textMembers(in, "prompt", "suffix");
            case EMBEDDINGS -> textMembers(in, "input", "input");
            case MODELS, MODEL, ROOT, PREFLIGHT, HEALTH, READY -> name -> in.skip();
        };
    }

    private static BodyCursor.Members textMembers(BodyCursor in, String first, String second) {
        return name -> {
            if (name.equals(first) || name.equals(second)) {
                in.textOrTokens();
            } else {
                in.skip();
            }
        };
    }
}
