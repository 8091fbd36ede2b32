package io.costoptimal.gateway.upstream;

/** Why a connection could not be made, in a few words. Stateless. */
final class Reason {

    private Reason() {}

    /** The innermost message, which is the one that says what is wrong: of a certificate, of a name, of a socket. */
    static String of(Throwable cause) {
        Throwable inner = cause;
        while (inner.getCause() != null && inner.getCause().getMessage() != null) {
            inner = inner.getCause();
        }
        String message = inner.getMessage();
        return message == null
                ? inner.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
