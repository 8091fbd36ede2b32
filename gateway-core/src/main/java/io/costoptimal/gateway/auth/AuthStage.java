package io.costoptimal.gateway.auth;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.http.CredentialFields;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Stage;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * Lets in whoever presents a key of the exchange's policy, on the head alone: a refused client's body is never asked for,
 * let alone held. Stateless, shared by all clients.
 */
public final class AuthStage implements Stage {

    @Override
    public void enter(Exchange exchange, Run run) {
        if (exchange.target().operation().handling() == Handling.OPEN) {
            exchange.authenticated(null);
            run.next();
            return;
        }
        HttpHeaders headers = exchange.request().headers();
        String only = CredentialFields.onlyKey(headers);
        Principal owner;
        try {
            owner = only == null ? null : exchange.policy().keys().find(CredentialFields.text(only));
        } catch (Throwable e) {
            new KeySearch(exchange, run).broken(e);
            return;
        }
        if (owner != null && exchange.clientCertificate() == null) {
            exchange.authenticated(owner, only);
            run.next();
            return;
        }
        KeySearch search = new KeySearch(exchange, run);
        try {
            if (owner != null) {
                search.look(only);
            } else if (only == null) {
                CredentialFields.keys(headers).forEach(search::look);
            } else {
                search.lookElsewhere(only);
            }
        } catch (Throwable e) {
            search.broken(e);
            return;
        }
        search.decide();
    }
}
