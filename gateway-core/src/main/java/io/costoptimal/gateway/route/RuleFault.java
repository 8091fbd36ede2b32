package io.costoptimal.gateway.route;

/**
 * A rule failed on the request at hand: a division by zero, or a regular expression that takes too long. Such a rule
 * counts as not matched. Carries no stack trace, since it may come with every request.
 */
public final class RuleFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RuleFault(String message) {
        super(message, null, false, false);
    }
}
