package io.costoptimal.gateway.exchange;

import java.util.function.BiConsumer;

/**
 * The header fields and the query of a client's request, without what lets the client in: no credential, no cookie, and no
 * other field that repeats the key. Everything in it is the client's own word.
 *
 * <p>Valid during the call that hands it over, on the event loop of the exchange; copy what is to be kept.
 */
public interface RequestFields {

    /** The first value of the field {@code name}, in whatever case; {@code null} when there is none, or it is hidden. */
    String get(String name);

    /** Calls {@code each} with the name and the value of every field that may be seen, in the order they came. */
    void forEach(BiConsumer<String, String> each);

    /** The query without the question mark and without parameters that carry a key; {@code null} when nothing is left of it. */
    String query();
}
