package io.costoptimal.gateway.exchange;

/** How a request's body begins. Asked on the thread that decides where the request goes. */
@FunctionalInterface
public interface BodyStart {

    /** Of a body that is not at hand. */
    BodyStart NONE = into -> 0;

    /**
     * Copies the first bytes of the body, as many as there are and as {@code into} has room for.
     *
     * @return how many
     */
    int copyStart(byte[] into);
}
