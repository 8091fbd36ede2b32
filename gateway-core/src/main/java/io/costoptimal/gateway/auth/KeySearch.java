package io.costoptimal.gateway.auth;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.RareWarning;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.CredentialFields;
import io.costoptimal.gateway.stage.Awaited;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Waiting;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The search for the one key that is ours among those that a request presents, where a single look does not tell. Some
 * clients send a key of somebody else's beside ours; the one that is ours counts. Two that are ours are refused, because it
 * would be left to chance whose request this is. Owned by the event loop of the exchange.
 */
final class KeySearch implements Awaited<Void> {

    private static final RareWarning FAILURES = new RareWarning(InternalLoggerFactory.getInstance(KeySearch.class));

    private static final Rejection NO_KEY = Rejection.of(
            401,
            null,
            "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth"
                    + " (i.e. Authorization: Bearer YOUR_KEY), or in an x-api-key, api-key or x-gateway-key header.");
    private static final Rejection SEVERAL_KEYS =
            Rejection.of(401, "invalid_api_key", "You provided several API keys of this gateway. Provide one.");
    private static final Rejection WRONG_KEY = Rejection.of(401, "invalid_api_key", "Incorrect API key provided.");
    private static final Rejection NOT_THE_CERTIFICATES = Rejection.of(
            401, "invalid_api_key", "The API key provided is not the one that the client certificate stands for.");
    private static final Rejection SEVERAL_BY_CERTIFICATE =
            Rejection.of(401, "invalid_api_key", "The client certificate stands for several API keys of this gateway.");
    private static final Rejection UNKNOWN =
            Rejection.overloaded("The gateway could not find out in time whose API key this is; try again.");

    private final Exchange exchange;
    private final Run run;

    /** What is still looked for elsewhere, by the key as it was sent. */
    private final Map<String, CompletableFuture<Principal>> pending = new LinkedHashMap<>();

    private boolean any;
    private Principal owner;
    private String ours;
    private boolean several;

    KeySearch(Exchange exchange, Run run) {
        this.exchange = exchange;
        this.run = run;
    }

    /** Looks for the owner of {@code key}, as it was sent. */
    void look(String key) {
        Principal found = exchange.policy().keys().find(CredentialFields.text(key));
        if (found == null) {
            lookElsewhere(key);
        } else {
            found(key, found);
        }
    }

    /** Looks for the owner of {@code key}, as it was sent, that is not known at once. */
    void lookElsewhere(String key) {
        any = true;
        CompletableFuture<Principal> later = exchange.policy().keys().findLater(CredentialFields.text(key));
        if (later != null) {
            pending.put(key, later);
        }
    }

    /** Goes on with what was found, once all of it is. */
    void decide() {
        if (pending.isEmpty()) {
            goOn();
            return;
        }
        Duration patience;
        try {
            patience = Objects.requireNonNull(exchange.policy().keys().patience(), "patience");
        } catch (Throwable e) {
            broken(e);
            return;
        }
        Waiting<Void> waiting = new Waiting<>(run, this);
        for (CompletableFuture<Principal> search : pending.values()) {
            search.whenComplete((found, failure) -> {
                if (failure != null) {
                    waiting.failed(failure);
                }
            });
        }
        CompletableFuture.allOf(pending.values().toArray(CompletableFuture[]::new))
                .thenRun(() -> waiting.done(null));
        waiting.start(patience);
    }

    private void found(String key, Principal found) {
        several |= owner != null;
        owner = found;
        ours = key;
    }

    private void goOn() {
        Set<Principal> certified;
        try {
            certified = exchange.clientCertificate() == null
                    ? Set.of()
                    : Objects.requireNonNull(
                            exchange.policy().keys().certified(exchange.clientCertificate()), "certified");
        } catch (Throwable e) {
            broken(e);
            return;
        }
        if (certified.size() > 1) {
            run.refuse(SEVERAL_BY_CERTIFICATE);
        } else if (!certified.isEmpty() && owner == null) {
            // What else was presented is no key of ours, and cannot contradict.
            exchange.authenticated(certified.iterator().next());
            run.next();
        } else if (!certified.isEmpty() && !several && !certified.contains(owner)) {
            run.refuse(NOT_THE_CERTIFICATES);
        } else if (several) {
            run.refuse(SEVERAL_KEYS);
        } else if (owner == null) {
            run.refuse(any ? WRONG_KEY : NO_KEY);
        } else {
            exchange.authenticated(owner, ours);
            run.next();
        }
    }

    @Override
    public void done(Void nothing) {
        pending.forEach((key, search) -> {
            Principal found = search.join();
            if (found != null) {
                found(key, found);
            }
        });
        goOn();
    }

    /** A key was not looked for, because what looks for it has thrown: the same as a search that fails. */
    void broken(Throwable cause) {
        OutOfMemory.passOn(cause);
        failed(cause);
    }

    /** The message of somebody else's exception may quote the key. */
    @Override
    public void failed(Throwable cause) {
        FAILURES.logKind("keys_failed exchange=" + exchange.id(), cause);
        cancelled();
        run.refuse(UNKNOWN);
    }

    @Override
    public void timedOut() {
        FAILURES.log("keys_timed_out exchange=" + exchange.id());
        cancelled();
        run.refuse(UNKNOWN);
    }

    @Override
    public void cancelled() {
        pending.values().forEach(search -> search.cancel(false));
    }
}
