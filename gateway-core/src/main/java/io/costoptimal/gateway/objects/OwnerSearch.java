package io.costoptimal.gateway.objects;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ObjectOwners;
import io.costoptimal.gateway.exchange.ObjectOwners.Owner;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.RareWarning;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Unnamed;
import io.costoptimal.gateway.objects.LookUps.Result;
import io.costoptimal.gateway.stage.Awaited;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Waiting;
import io.netty.util.internal.logging.InternalLoggerFactory;
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
    private final Referred referred;
    private final Map<String, List<Owner>> known = new HashMap<>();

    private final LookUps lookUps;

    private ObjectOwners owners;
    private CompletableFuture<Map<String, List<Owner>>> later;
    private Result result = Result.OWN;

    /**
     * @param subject the object in the request's path; {@code null} for none
     * @param referred what it refers to beside that
     * @param lookUps told how this ends
     */
    OwnerSearch(Exchange exchange, Run run, String subject, Referred referred, LookUps lookUps) {
        this.lookUps = lookUps;
        this.exchange = exchange;
        this.run = run;
        this.subject = subject;
        this.referred = referred;
    }

    /** Looks, and goes on with what was found: at once where all is known, else later. */
    void begin(ObjectOwners asked) {
        owners = asked;
        Set<String> ids = new LinkedHashSet<>(referred.ids());
        ids.addAll(referred.mentioned());
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
        lookUps.count(Result.FAILED);
        run.refuse(UNKNOWN);
    }

    @Override
    public void timedOut() {
        FAILURES.log("owners_timed_out exchange=" + exchange.id());
        lookUps.count(Result.FAILED);
        later.cancel(false);
        run.refuse(UNKNOWN);
    }

    @Override
    public void cancelled() {
        later.cancel(false);
    }

    private void decide() {
        if (subject != null && !subject() && !shares()) {
            // No object that the request refers to beside its subject says where it goes: the routes refuse it.
            lookUps.count(result);
            run.next();
            return;
        }
        Rejection refusal = referred.isEmpty() ? null : refusal();
        lookUps.count(result);
        if (refusal == null) {
            run.next();
        } else {
            run.refuse(refusal);
        }
    }

    /** Finds the owner of the subject; whether one is known who may be asked. */
    private boolean subject() {
        // Where none is known the routes have the word, since an entry of theirs may share objects.
        boolean shares = shares();
        Owner owner = own(subject, shares);
        if (mine(known.get(subject)) == null) {
            result = shares ? Result.SHARED : missing(subject);
        }
        if (owner != null) {
            // What belongs to an object is its owner's, whoever asks: seeing an object of somebody else makes nobody
            // its owner.
            exchange.tell(owners, owner.key());
            if (owner.origin() != null
                    && owner.key().equals(exchange.principal().identity())) {
                Owner told = new Owner(owner.key(), owner.provider());
                exchange.usageMayComeLater(owner.origin(), () -> owners.made(subject, told));
            }
        }
        return owner != null;
    }

    private Rejection refusal() {
        boolean shares = shares();
        if (!shares && !referred.everybodys().isEmpty()) {
            result = Result.ANOTHERS;
            return everybodys(referred.everybodys().iterator().next());
        }
        for (String id : referred.ids()) {
            String before = exchange.owner();
            if (shares && result == Result.OWN && mine(known.get(id)) == null) {
                result = Result.SHARED;
            }
            if (own(id, shares) == null) {
                if (!shares) {
                    result = missing(id);
                    return notFound(id);
                }
            } else if (before != null && !before.equals(exchange.owner())) {
                return Rejection.of(
                        400,
                        null,
                        "The request is about objects that different providers keep, and can go to one only.");
            }
        }
        for (String id : referred.mentioned()) {
            if (!shares && isAnothers(known.get(id))) {
                result = Result.ANOTHERS;
                return notFound(id);
            }
        }
        return null;
    }

    private Result missing(String id) {
        return known.get(id).isEmpty() ? Result.UNKNOWN : Result.ANOTHERS;
    }

    /** Whether it is another key's, as far as is known, and may be where the request goes. */
    private boolean isAnothers(List<Owner> all) {
        String there = exchange.owner();
        return mine(all) == null
                && all.stream()
                        .anyMatch(owner -> there == null || owner.provider().equals(there));
    }

    /** Notes the provider that keeps {@code id}; returns whose it is, {@code null} when nobody is known who may be asked. */
    private Owner own(String id, boolean shares) {
        List<Owner> all = known.get(id);
        Owner owner = mine(all);
        if (owner == null && shares && !all.isEmpty()) {
            owner = all.get(0);
        }
        if (owner != null) {
            exchange.ownedBy(owner.provider());
        }
        return owner;
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

    private static Rejection everybodys(String source) {
        return Rejection.of(
                403,
                null,
                "A `source` of type `" + source + "` is what every key has made; it needs an entry of `routes` with"
                        + " `share_objects: true`.");
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
