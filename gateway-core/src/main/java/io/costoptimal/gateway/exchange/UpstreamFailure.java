package io.costoptimal.gateway.exchange;

/**
 * Why one attempt at one provider failed. Made where it happens; nobody classifies a cause later.
 *
 * @param phase how far the attempt had come
 * @param retry what may be tried next
 * @param cause short text for logs, without secrets or body bytes
 */
public record UpstreamFailure(Phase phase, Retry retry, String cause) {

    /** How far an attempt had come. */
    public enum Phase {
        /** Waiting for a connection of a limited pool. */
        LEASE,
        RESOLVE,
        CONNECT,
        TLS,
        /** Writing the request. */
        WRITE,
        /** Request written, no response byte yet. */
        FIRST_BYTE,
        /** In the response head. */
        HEAD,
        /** A whole head came whose status the route fails over. */
        STATUS,
        /** After the response head had been forwarded. */
        BODY
    }

    /** What may be tried next. */
    public enum Retry {
        /** The same provider once more, on a fresh connection: a reused one had died before a response byte. */
        FRESH_CONNECTION,
        /** The next candidate, if the route's {@code retry_on} has {@code connect_error}. */
        CONNECT_ERROR,
        /** The next candidate, if the route's {@code retry_on} has {@code timeout}. */
        TIMEOUT,
        /** The next candidate: the status was in {@code retry_on} already. */
        STATUS,
        /** Nothing: bytes of the answer are with the client. */
        NEVER
    }

    /** 503 when only our own limit was in the way, 504 for a deadline, else 502. */
    public int status() {
        if (phase == Phase.LEASE) {
            return 503;
        }
        return retry == Retry.TIMEOUT ? 504 : 502;
    }
}
