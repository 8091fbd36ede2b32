package io.costoptimal.gateway.server.journal;

/**
 * A name from the configuration, or a word of ours, that entries of one lane have in common. The same object comes again with
 * each of them, until the lane starts over. Immutable; confined to the journal's thread.
 */
public final class Name {

    private final String text;
    private final byte[] json;

    Name(String text) {
        this.text = text;
        JsonBytes quoted = new JsonBytes(2 * text.length() + 16);
        quoted.string(text);
        json = quoted.toArray();
    }

    /** The name itself. */
    public String text() {
        return text;
    }

    /** The name as {@link JsonBytes#string} writes it; not to be changed. */
    byte[] json() {
        return json;
    }

    @Override
    public String toString() {
        return text;
    }
}
