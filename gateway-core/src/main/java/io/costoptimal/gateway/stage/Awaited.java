package io.costoptimal.gateway.stage;

/**
 * What a stage does when its {@link Waiting} is over. Exactly one of the four is called, once, on the event loop of the
 * exchange. What the first three throw ends the exchange like anything else that a stage throws.
 */
public interface Awaited<T> {

    /** What was waited for is here. */
    void done(T result);

    /** It will not come. */
    void failed(Throwable cause);

    /** It did not come in time. */
    void timedOut();

    /** The exchange is over: whoever works for it can stop. Part of {@link Stage#over}; must not throw. */
    void cancelled();
}
