package io.costoptimal.gateway.objects;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ObjectOwners;
import io.costoptimal.gateway.exchange.Operation.BodyPolicy;
import io.costoptimal.gateway.exchange.Operation.Objects.Role;
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
        if (owners == ObjectOwners.NONE) {
            run.next();
            return;
        }
        Role role = exchange.target().operation().objects().role();
        if (role != Role.NONE) {
            exchange.tell(owners);
        }
        List<String> parameters = exchange.target().parameters();
        String subject =
                (role == Role.READS || role == Role.DELETES) && !parameters.isEmpty() ? parameters.get(0) : null;
        Collection<String> referred = exchange.facts().content().refers() ? referred(exchange) : Set.of();
        if (subject == null && referred.isEmpty()) {
            run.next();
        } else {
            new OwnerSearch(exchange, run, subject, referred).begin(owners);
        }
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
}
