package io.costoptimal.gateway.exchange;

import java.util.function.BiConsumer;

/**
 * The head of a provider's answer as it came, without the cookies that it sets. Valid during the call that hands it over;
 * copy what is to be kept.
 */
public interface AnswerFields {

    /** The status, 200 or above. */
    int status();

    /** The first value of the field {@code name}, in whatever case; {@code null} when there is none, or it is hidden. */
    String get(String name);

    /** Calls {@code each} with the name and the value of every field that may be seen, in the order they came. */
    void forEach(BiConsumer<String, String> each);
}
