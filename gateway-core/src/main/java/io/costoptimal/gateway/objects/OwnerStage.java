package io.costoptimal.gateway.objects;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ObjectOwners;
import io.costoptimal.gateway.exchange.ObjectOwners.Owner;
import io.costoptimal.gateway.exchange.Operation.BodyPolicy;
import io.costoptimal.gateway.exchange.Operation.Objects.Role;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Unnamed;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Stage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The stage between inspection and routing: whose are the objects that a request is about? A key gets at those it has made
 * and at no others, unless the configuration shares them. Finds the provider that keeps them, from which the request must not
 * stray. Stateless, shared by all clients.
 *
 * <p>What is not known is refused in the same words as what is another key's, so that nobody can find out which ids there are.
 */
public final class OwnerStage implements Stage {

    private final ObjectOwners owners;

    /** @param owners asked on event loops */
    public OwnerStage(ObjectOwners owners) {
        this.owners = owners;
    }

    @Override
    public void enter(Exchange exchange, Run run) {
        if (owners != ObjectOwners.NONE) {
            Rejection refusal = refusal(exchange);
            if (refusal != null) {
                run.refuse(refusal);
                return;
            }
        }
        run.next();
    }

    private Rejection refusal(Exchange exchange) {
        Role role = exchange.target().operation().objects().role();
        if (role != Role.NONE) {
            exchange.tell(owners);
        }
        if (role == Role.READS || role == Role.DELETES) {
            List<String> parameters = exchange.target().parameters();
            if (!parameters.isEmpty()) {
                // Where none is known the routes have the word, since an entry of theirs may share objects.
                own(exchange, parameters.get(0), shares(exchange));
            }
        }
        return exchange.facts().content().refers() ? refusal(exchange, referred(exchange)) : null;
    }

    private static Collection<String> referred(Exchange exchange) {
        if (exchange.target().operation().body().policy() != BodyPolicy.HELD_JSON) {
            return Set.of();
        }
        ByteBuf body =
                Unpooled.wrappedBuffer(exchange.body().copyForWrite(List.of()).toArray(new ByteBuf[0]));
        try {
            return ReferredIds.in(body);
        } finally {
            body.release();
        }
    }

    private Rejection refusal(Exchange exchange, Collection<String> ids) {
        boolean shares = !ids.isEmpty() && shares(exchange);
        for (String id : ids) {
            String before = exchange.owner();
            if (!own(exchange, id, shares)) {
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
    private boolean own(Exchange exchange, String id, boolean shares) {
        String key = exchange.principal().name();
        List<Owner> all = owners.of(id);
        for (Owner owner : all) {
            if (owner.key().equals(key)) {
                exchange.ownedBy(owner.provider());
                return true;
            }
        }
        if (all.isEmpty() || !shares) {
            return false;
        }
        exchange.ownedBy(all.get(0).provider());
        return true;
    }

    private static boolean shares(Exchange exchange) {
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
                        + "` (`share_objects` of an entry of `routes` opens those of other" + " keys).");
    }
}
