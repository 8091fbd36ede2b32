package io.costoptimal.gateway.exchange;

/** The gateway keys of one configuration. Immutable, any thread. */
public interface Keys {

    /** The owner of {@code presented}, or {@code null} when nobody owns it. Takes the same time for every wrong key. */
    Principal find(CharSequence presented);
}
