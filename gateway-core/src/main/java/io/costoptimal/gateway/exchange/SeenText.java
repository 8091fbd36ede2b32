package io.costoptimal.gateway.exchange;

/**
 * The text of an answer, as far as it has passed, for whoever counts it. Owned by one thread at a time; released once.
 *
 * @param bytes of which the first {@code length} are: for a stream one JSON string, quotes and escapes included, of all its
 *     pieces of text in the order in which they came; otherwise the begin of the document. Read only
 * @param length of what is there
 * @param missed bytes that passed and are not there, because they were too many
 * @param form what the bytes are
 * @param memory what {@code bytes} were taken from; {@code null} for none
 */
public record SeenText(byte[] bytes, int length, long missed, Form form, ByteBudget memory) {

    /** What there is of an answer's text. */
    public enum Form {
        /** One JSON string. */
        STRING,
        /** One JSON string, but the answer has more: sound, images, or what could not be read. */
        STRING_AND_OTHER,
        /** A JSON document, or the begin of one. */
        DOCUMENT,
        /** The begin of a JSON document, but the answer has more, which could not be read. */
        DOCUMENT_AND_OTHER,
        /** Nothing: the answer was packed in a way that nobody here can read. */
        UNREADABLE
    }

    /** There is an answer, and nobody can read it. */
    public static final SeenText UNREADABLE = new SeenText(new byte[0], 0, 0, Form.UNREADABLE, null);

    /** There is an answer, and what it has is no text: only its input is charged for. */
    public static final SeenText NONE = new SeenText(new byte[0], 0, 0, Form.STRING, null);

    /** The same text of an answer that has more than it; takes its place. */
    public SeenText andOther() {
        return new SeenText(
                bytes, length, missed, isDocument() ? Form.DOCUMENT_AND_OTHER : Form.STRING_AND_OTHER, memory);
    }

    /** Whether this is a document, or the begin of one, rather than a string. */
    public boolean isDocument() {
        return form == Form.DOCUMENT || form == Form.DOCUMENT_AND_OTHER;
    }

    /** Whether this is all the text that passed, and nothing else did. */
    public boolean isAll() {
        return missed == 0 && (form == Form.STRING || form == Form.DOCUMENT);
    }

    /** Gives the memory back. */
    public void release() {
        if (memory != null) {
            memory.giveBack(bytes.length);
        }
    }
}
