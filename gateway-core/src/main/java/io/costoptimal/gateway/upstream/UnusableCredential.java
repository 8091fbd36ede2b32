package io.costoptimal.gateway.upstream;

/** A credential that was got and cannot be sent. The message is the gateway's own: it may be logged, and shows no secret. */
final class UnusableCredential extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    UnusableCredential(String message) {
        super(message);
    }
}
