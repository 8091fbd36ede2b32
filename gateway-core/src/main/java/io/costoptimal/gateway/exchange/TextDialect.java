package io.costoptimal.gateway.exchange;

/**
 * Which members of a stream's events hold the text that the model put out. Immutable. The account package makes these of
 * names.
 */
public interface TextDialect {

    /** What a member of an event is, wherever in the event it stands. */
    enum Member {
        /** A string that is a part of the answer's text. */
        TEXT,
        /**
         * The same text under one of several names, since some providers write it twice: only the name that comes first in
         * an event counts.
         */
        TWIN,
        /** Something that the model put out and that is no text: sound or images. */
        OTHER,
        /** The type of the event, a string. */
        TYPE
    }

    /**
     * Says what the member is whose name ends before {@code end}; {@code null} when it is of no interest.
     *
     * @param bytes the event, borrowed
     * @param from where the event begins
     * @param end index of the quote behind the name
     */
    Member member(byte[] bytes, int from, int end);

    /** Whether the text of an event of this type is no text after all: encoded sound, for instance. */
    boolean encoded(byte[] bytes, int from, int end);
}
