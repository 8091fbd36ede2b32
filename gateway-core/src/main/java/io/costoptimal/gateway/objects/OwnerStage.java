package io.costoptimal.gateway.objects;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ObjectOwners;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.BodyPolicy;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.costoptimal.gateway.exchange.Operation.Objects.Role;
import io.costoptimal.gateway.exchange.PassingBody;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Stage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * The stage between inspection and routing: whose are the objects that a request is about? A key gets at those it has made
 * and at no others, unless the configuration shares them. Finds the provider that keeps them, from which the request must not
 * stray. Shared by all clients.
 *
 * <p>What is not known is refused in the same words as what is another key's, so that nobody can find out which ids there are.
 */
public final class OwnerStage implements Stage {

    private final ObjectOwners owners;
    private final LookUps lookUps = new LookUps();

    /** @param owners asked on event loops */
    public OwnerStage(ObjectOwners owners) {
        this.owners = owners;
    }

    /** How searches have ended so far. */
    public LookUps lookUps() {
        return lookUps;
    }

    @Override
    public void enter(Exchange exchange, Run run) {
        if (owners == ObjectOwners.NONE) {
            run.next();
            return;
        }
        Operation operation = exchange.target().operation();
        Role role = operation.objects().role();
        List<String> parameters = exchange.target().parameters();
        String subject =
                (role == Role.READS || role == Role.DELETES) && !parameters.isEmpty() ? parameters.get(0) : null;
        if (role == Role.CREATES) {
            exchange.tell(owners, exchange.principal().identity());
        }
        boolean document = exchange.passing() == null && operation.body().policy() != BodyPolicy.NONE;
        // Requests that name no model are few, and some of their members refer to objects by types of their own.
        boolean looked = document && (exchange.facts().content().refers() || operation.model() == ModelPlace.NONE);
        PassingBody form = exchange.passing();
        boolean refers = form != null && !form.referred().isEmpty();
        if (subject == null && !looked && !refers && exchange.target().query() == null) {
            run.next();
            return;
        }
        Rejection closed = exchange.policy().routes().closed(operation, exchange.principal());
        if (closed != null) {
            // Before anybody is asked: a key that may not come learns of no object, and costs no search.
            run.refuse(closed);
            return;
        }
        Referred referred = new Referred();
        if (parameters.size() > 1 && subject != null) {
            referred.mentioned().addAll(parameters.subList(1, parameters.size()));
        }
        if (looked) {
            read(exchange, referred);
        }
        if (refers) {
            referred.ids().addAll(form.referred());
        }
        if (exchange.target().query() != null) {
            ReferringQuery.in(exchange.target().query(), referred);
        }
        if (subject == null && referred.isEmpty()) {
            run.next();
        } else {
            new OwnerSearch(exchange, run, subject, referred, lookUps).begin(owners);
        }
    }

    private static void read(Exchange exchange, Referred referred) {
        ByteBuf body =
                Unpooled.wrappedBuffer(exchange.body().copyForWrite(List.of()).toArray(new ByteBuf[0]));
        try {
            if (body.isReadable()) {
                ReferredIds.in(body, referred);
            }
        } finally {
            body.release();
        }
    }
}
