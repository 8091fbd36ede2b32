package io.costoptimal.gateway.exchange;

import java.util.Set;

/**
 * A JSON body as a {@link Walker} goes over it, in document order, to say what of it is text. One thread.
 *
 * <p>It stands on a value; each method that takes takes that value whole, whatever its type: a value of a type the method
 * has no use for is passed by.
 */
public interface BodyText {

    /** Knows the members of one operation's bodies. Stateless, any thread. */
    @FunctionalInterface
    interface Walker {

        /** What is asked for each member of the body {@code in}, in their order. */
        Members over(BodyText in);
    }

    /** Takes one member of an object, by calling one method of the body that stands on its value. */
    @FunctionalInterface
    interface Members {
        void member(String name);
    }

    /** Adds tokens that stand for no text. */
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

    /** Takes a string as text. */
    void text();

    /** Takes an object or array as the text it is in the body, white space and all. */
    void json();

    /** Takes every string below, but those that are members of a name in {@code opaque}, or below such. */
    void strings(Set<String> opaque);

    /** Takes strings as text and whole numbers as token ids, one each, at any depth of arrays. */
    void textOrTokens();

    /** Takes the value and tells whether it is the string {@code expected}, which is a short one. */
    boolean is(String expected);

    /** Where the value begins in the body. */
    int offset();

    /** Takes the string that begins at {@code offset} as text; the body stays where it is. */
    void textAt(int offset);
}
