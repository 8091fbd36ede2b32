package io.costoptimal.gateway.server.simulator;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * What stands around the fragments of a {@link Text}: the JSON of a whole answer, or the events of a stream. Immutable;
 * buffers are borrowed.
 */
sealed interface Script permits Script.Fixed, ResponsesStream {

    /** Whether this is a stream of events rather than one JSON value. */
    boolean stream();

    /** Writes what comes before the first fragment. */
    void opening(ByteBuf out);

    /** Writes what comes right before fragment {@code index}. */
    void before(ByteBuf out, int index);

    /** Writes what comes right after fragment {@code index}. */
    void after(ByteBuf out, int index);

    /** Writes what comes after the last fragment. */
    void closing(ByteBuf out);

    /** Writes an error event in place of fragment {@code index} and all that follows. */
    void error(ByteBuf out, int index);

    /** A JSON value with text, or nothing, in its middle. */
    static Script whole(String opening, String closing) {
        return new Fixed(false, new Around(opening, closing), new Around("", ""), "");
    }

    /** A stream whose text events are alike. */
    static Script events(Around stream, Around event, String error) {
        return new Fixed(true, stream, event, error);
    }

    /** What comes before and after something. */
    record Around(byte[] before, byte[] after) {

        Around(String before, String after) {
            this(before.getBytes(StandardCharsets.UTF_8), after.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The same bytes around every fragment. */
    record Fixed(boolean stream, Around whole, Around fragment, String failure) implements Script {

        @Override
        public void opening(ByteBuf out) {
            out.writeBytes(whole.before);
        }

        @Override
        public void before(ByteBuf out, int index) {
            out.writeBytes(fragment.before);
        }

        @Override
        public void after(ByteBuf out, int index) {
            out.writeBytes(fragment.after);
        }

        @Override
        public void closing(ByteBuf out) {
            out.writeBytes(whole.after);
        }

        @Override
        public void error(ByteBuf out, int index) {
            out.writeCharSequence(failure, StandardCharsets.UTF_8);
        }
    }
}
