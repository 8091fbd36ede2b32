package io.costoptimal.gateway.exchange;

import java.util.List;
import java.util.Set;

/** The routing table of one configuration. Immutable, any thread. */
public interface Routes {

    /**
     * The model that {@code asked} stands for: itself unless it is an alias.
     *
     * @param asked {@code null} for a request that names no model; stands for itself
     */
    String resolve(String asked);

    /**
     * Decides where a request goes.
     *
     * @return {@code null} when a rule, or the order of candidates, can only be decided by counting and {@code tokens} has
     *     bounds only; then ask again
     *     with a source that counts, off the event loop
     */
    Decision decide(RoutingFacts facts, TokenSource tokens);

    /** Who may still refuse or change what was decided; {@code null} when every decision stands at once. */
    default SecondLook secondLook() {
        return null;
    }

    /** The same routes, with {@code second} to look at what they decide in the place of whoever does so now. */
    default Routes with(SecondLook second) {
        return new LookedAtRoutes(this, second);
    }

    /** Why {@code caller} may not use {@code operation}, whatever the request says; {@code null} when it may. */
    default Rejection closed(Operation operation, Principal caller) {
        return null;
    }

    /**
     * Decides where a request goes that names no model.
     *
     * @return {@code null} for a request that could have named one, and is to be decided like those that do
     */
    default Decision decide(Unnamed request) {
        if (request.operation().model() != Operation.ModelPlace.NONE) {
            return null;
        }
        Rejection refusal = Rejection.of(404, null, "Nothing says where " + request.operation() + " goes.");
        return new Decision(
                null,
                new Decision.Match(null, "nothing", refusal),
                List.of(),
                RetryOn.ALL,
                new Decision.Tokens(0, 0, false));
    }

    /** Whether the caller of {@code request} may get at objects that other keys have made. */
    default boolean shares(Unnamed request) {
        return false;
    }

    /**
     * Whether a decision may depend on {@link RequestFacts#content}. Looking for it costs some nanoseconds for each member of
     * a body, so nobody looks if not.
     */
    default boolean needContent() {
        return true;
    }

    /**
     * The entries whose requests may have to be counted, because a rule mentions the token count or candidates are compared by
     * their cost: what tokenizers may be needed for. Wildcards are as written,
     * see {@link ModelPattern}.
     */
    Set<String> countedModels();
}
