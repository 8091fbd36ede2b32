package io.costoptimal.gateway.server.simulator.objects;

/** A request for an object that gets an error instead. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    Refusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** What a provider says of an id that it does not know, or that somebody else's credential made. */
    static Refusal unknown(String what, String id) {
        return new Refusal(404, "No such " + what + " object: " + id);
    }

    /** HTTP status of the answer. */
    public int status() {
        return status;
    }
}
