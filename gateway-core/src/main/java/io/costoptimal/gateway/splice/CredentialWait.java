package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.CredentialSource;
import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.stage.Awaited;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Waiting;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One attempt that waits for the credential of its provider. Owned by the exchange's event loop. */
final class CredentialWait implements Awaited<String> {

    private final ProviderSide provider;
    private final CompletableFuture<String> credential;

    private CredentialWait(ProviderSide provider, CompletableFuture<String> credential) {
        this.provider = provider;
        this.credential = credential;
    }

    /**
     * Asks {@code source} and tells {@code provider} what comes of it: now, if the credential is at hand, or later. The last
     * thing its caller does.
     */
    static void ask(CredentialSource source, Run run, ProviderSide provider) {
        String now;
        CompletableFuture<String> later = null;
        try {
            now = source.now();
            if (now == null) {
                later = Objects.requireNonNull(source.later(), "later");
            }
        } catch (Throwable e) {
            OutOfMemory.passOn(e);
            provider.refused(missing(e));
            return;
        }
        if (later == null) {
            provider.credentialCame(now);
        } else {
            await(later, source.patience(), run, provider);
        }
    }

    private static void await(CompletableFuture<String> later, Duration patience, Run run, ProviderSide provider) {
        CredentialWait awaited = new CredentialWait(provider, later);
        Waiting<String> waiting = new Waiting<>(run, awaited);
        later.whenComplete((got, failure) -> {
            if (failure == null && got != null) {
                waiting.done(got);
            } else {
                waiting.failed(failure == null ? new IllegalStateException("nothing") : failure);
            }
        });
        waiting.start(patience);
    }

    @Override
    public void done(String got) {
        provider.credentialCame(got);
    }

    @Override
    public void failed(Throwable cause) {
        provider.refused(missing(cause));
    }

    @Override
    public void timedOut() {
        cancelled();
        provider.refused(new UpstreamFailure(Phase.LEASE, Kind.NO_CREDENTIAL, "no credential in time"));
    }

    /** The message of somebody else's exception may hold anything, even a secret. */
    private static UpstreamFailure missing(Throwable cause) {
        Throwable real = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        String why = "no credential: " + real.getClass().getSimpleName();
        return new UpstreamFailure(Phase.LEASE, Kind.NO_CREDENTIAL, why);
    }

    @Override
    public void cancelled() {
        credential.cancel(false);
    }
}
