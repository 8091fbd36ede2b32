package io.costoptimal.gateway.exchange;

/**
 * Why one attempt at one provider failed. Made where it happens; nobody classifies a cause later.
 *
 * @param phase how far the attempt had come
 * @param kind what the provider can have done with the request, which decides whether somebody else may be asked
 * @param cause short text for logs, without secrets or body bytes
 */
public record UpstreamFailure(Phase phase, Kind kind, String cause) {

    /** How far an attempt had come. */
    public enum Phase {
        /** Waiting for a credential, or for a connection of a limited pool. */
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
        /** A whole head came, and its status is the failure. */
        STATUS,
        /** In the body of an answer. */
        BODY
    }

    /** What the provider can have done with the request. Each is allowed, or not, by a word of {@code retry_on}. */
    public enum Kind {
        /**
         * Nothing: no connection came to be, or no byte of the request was written to it. Allowed by
         * {@code connect_error}.
         */
        CONNECT_ERROR,
        /**
         * Nothing, in all likelihood: a kept connection closed about a round trip after the request was written to it.
         * The same provider is asked once more on a fresh connection. Made only where {@code connect_error} is allowed.
         */
        STALE_CONNECTION,
        /** Everything: the request was sent, and no usable answer came. Allowed by {@code no_answer}. */
        NO_ANSWER,
        /**
         * Something took too long. Allowed by {@code timeout}; before there is a connection nothing can have been
         * processed, so {@code connect_error} allows it as well.
         */
        TIMEOUT,
        /** It answered with an error. Allowed by the status. */
        STATUS,
        /**
         * It refused the credential that the gateway sent, or the account behind it, and so processed nothing. The client
         * can do nothing about that and is never shown the answer. Allowed by the status.
         */
        CREDENTIAL_REFUSED,
        /** Its answer broke off after bytes of it were written to the client. Never allowed. */
        CUT_OFF,
        /**
         * Nothing: the gateway had no credential to show it, because its source failed or took too long. Allowed by
         * {@code connect_error}.
         */
        NO_CREDENTIAL
    }

    /** Whether the request can have reached a provider: without a connection it cannot. */
    public boolean beforeConnected() {
        return phase.compareTo(Phase.WRITE) < 0;
    }

    /** What the client is answered when this is the end: 503 when only our own limit was in the way, 504 for a deadline. */
    public int status() {
        if (phase == Phase.LEASE) {
            return 503;
        }
        return kind == Kind.TIMEOUT ? 504 : 502;
    }
}
