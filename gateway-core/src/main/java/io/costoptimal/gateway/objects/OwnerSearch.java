package io.costoptimal.gateway.objects;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ObjectOwners;
import io.costoptimal.gateway.exchange.ObjectOwners.Owner;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.RareWarning;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Unnamed;
import io.costoptimal.gateway.stage.Awaited;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Waiting;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The search for the owners of the objects that one request is about: first among those known at once, then elsewhere. Owned by
 * the event loop of the exchange.
 *
 * <p>When it cannot be found out whose they are, the client is told to try again, and never that an object does not exist.
 */
final class OwnerSearch implements Awaited<Map<String, List<Owner>>> {

    private static final RareWarning FAILURES = new RareWarning(InternalLoggerFactory.getInstance(OwnerSearch.class));

    private static final Rejection UNKNOWN =
            Rejection.overloaded("The gateway could not find out in time whose objects these are; try again.");

    private final Exchange exchange;
    private final Run run;
    private final String subject;
    private final Collection<String> referred;
    private final Map<String, List<Owner>> known = new HashMap<>();

    private CompletableFuture<Map<String, List<Owner>>> later;

    /**
     * @param subject the object in the request's path; {@code null} for none
     * @param referred those that its body refers to
     */
    OwnerSearch(Exchange exchange, Run run, String subject, Collection<String> referred) {
        this.exchange = exchange;
        this.run = run;
        this.subject = subject;
        this.referred = referred;
    }

    /** Looks, and goes on with what was found: at once where all is known, else later. */
    void begin(ObjectOwners owners) {
        Set<String> ids = new LinkedHashSet<>(referred);
        if (subject != null) {
            ids.add(subject);
        }
        ids.forEach(id -> known.put(id, owners.of(id)));
        ids.removeIf(id -> mine(known.get(id)) != null);
        later = ids.isEmpty() ? null : owners.findLater(ids);
        if (later == null) {
            decide();
            return;
        }
        Waiting<Map<String, List<Owner>>> waiting = new Waiting<>(run, this);
        later.whenComplete((found, failure) -> {
            if (failure == null) {
                waiting.done(found);
            } else {
                waiting.failed(failure);
            }
        });
        waiting.start(owners.patience());
    }

    @Override
    public void done(Map<String, List<Owner>> found) {
        found.forEach((id, all) -> {
            // What is known here may have been learned while the search was on its way.
            if (!all.isEmpty() && mine(known.get(id)) == null) {
                known.put(id, all);
            }
        });
        decide();
    }

    @Override
    public void failed(Throwable cause) {
        FAILURES.log("owners_failed exchange=" + exchange.id(), cause);
        run.refuse(UNKNOWN);
    }

    @Override
    public void timedOut() {
        FAILURES.log("owners_timed_out exchange=" + exchange.id());
        later.cancel(false);
        run.refuse(UNKNOWN);
    }

    @Override
    public void cancelled() {
        later.cancel(false);
    }

    private void decide() {
        if (subject != null) {
            // Where none is known the routes have the word, since an entry of theirs may share objects.
            own(subject, shares());
        }
        Rejection refusal = refusal();
        if (refusal == null) {
            run.next();
        } else {
            run.refuse(refusal);
        }
    }

    private Rejection refusal() {
        boolean shares = !referred.isEmpty() && shares();
        for (String id : referred) {
            String before = exchange.owner();
            if (!own(id, shares)) {
                if (!shares) {
                    return notFound(id);
                }
            } else if (before != null && !before.equals(exchange.owner())) {
                return Rejection.of(
                        400,
                        null,
                        "The request is about objects that different providers keep, and can go to one only.");
            }
        }
        return null;
    }

    /** Notes the provider that keeps {@code id}; returns false when nobody is known whose it is and who may be asked. */
    private boolean own(String id, boolean shares) {
        List<Owner> all = known.get(id);
        Owner owner = mine(all);
        if (owner == null && shares && !all.isEmpty()) {
            owner = all.get(0);
        }
        if (owner != null) {
            exchange.ownedBy(owner.provider());
        }
        return owner != null;
    }

    private Owner mine(List<Owner> all) {
        String key = exchange.principal().identity();
        for (Owner owner : all) {
            if (owner.key().equals(key)) {
                return owner;
            }
        }
        return null;
    }

    private boolean shares() {
        Principal caller = exchange.principal();
        return caller.role() == Principal.Role.ADMIN
                || exchange.policy()
                        .routes()
                        .shares(new Unnamed(exchange.target().operation(), caller, null));
    }

    private static Rejection notFound(String id) {
        String shown = id.length() > 80 ? id.substring(0, 80) + "..." : id;
        return Rejection.of(
                404,
                null,
                "This key has made no object `" + shown
                        + "` (`share_objects` of an entry of `routes` opens those of other keys).");
    }
}
