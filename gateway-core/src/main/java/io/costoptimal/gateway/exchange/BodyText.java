package io.costoptimal.gateway.exchange;

import java.util.Set;

/**
 * A JSON body as a {@link Walker} goes over it, in document order, to say what of it is text. One thread.
 *
 * <p>There is always one present value. A method that takes or passes by a value does so with the whole of the present one,
 * and the next in the document is present then. A value of a type that the method has no use for is passed by.
 */
public interface BodyText {

    /** Knows the members of one operation's bodies. Stateless, any thread. */
    @FunctionalInterface
    interface Walker {

        /** Returns what is called for each member of the body in order, when the member's value is the present one. */
        Members over(BodyText in);
    }

    /** Takes the members of an object, one at a time. */
    @FunctionalInterface
    interface Members {

        /** Calls one method of the body that takes or passes by the member's value. */
        void member(String name);
    }

    /**
     * Adds tokens that stand for no text.
     *
     * @param tokens at most as many as the JSON that they stand for has bytes: no count may exceed the length of its body
     */
    void overhead(int tokens);

    boolean onString();

    boolean onObject();

    boolean onArray();

    /** Takes an object member by member. */
    void members(Members each);

    /** Takes an array value by value. */
    void elements(Runnable each);

    /** Takes an array object by object; its other values are passed by. */
    default void objects(Members each) {
        elements(() -> members(each));
    }

    /** Passes the value by. */
    void skip();

    /** Takes the value, if it is a string, as text. */
    void text();

    /** Takes an object or array as the text it is in the body, white space and all. */
    void json();

    /** Takes every string below, but those that are members of a name in {@code opaque}, or below such. */
    void strings(Set<String> opaque);

    /** Takes strings as text and whole numbers as token ids, one each, at any depth of arrays. */
    void textOrTokens();

    /** Takes the value, and returns whether it is the string {@code expected}, of at most 64 characters. */
    boolean is(String expected);

    /** Where the value begins in the body. */
    int offset();

    /** Takes the string that begins at {@code offset} as text; the present value stays the same. */
    void textAt(int offset);
}
