package io.costoptimal.gateway.server.simulator;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * What stands around the fragments of a {@link Text}: the JSON of a whole answer, or the events of a stream. Immutable;
 * buffers are borrowed.
 */
sealed interface Script permits Script.Fixed, Script.Bytes, ResponsesStream {

    /** Whether this is a stream of events rather than one value. */
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

    /** A whole answer of any type, without text. */
    record Bytes(String type, byte[] body) implements Script {

        @Override
        public boolean stream() {
            return false;
        }

        @Override
        public void opening(ByteBuf out) {
            out.writeBytes(body);
        }

        @Override
        public void before(ByteBuf out, int index) {
            // There is no text.
        }

        @Override
        public void after(ByteBuf out, int index) {
            // There is no text.
        }

        @Override
        public void closing(ByteBuf out) {
            // The opening is all there is.
        }

        @Override
        public void error(ByteBuf out, int index) {
            // Only streams have errors in their midst.
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
