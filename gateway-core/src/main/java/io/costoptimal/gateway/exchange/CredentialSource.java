package io.costoptimal.gateway.exchange;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Where the gateway's own credential for a provider comes from: a fixed one, a file, or something that gives tokens which
 * expire. Any thread; never blocks. Never prints a secret.
 */
public interface CredentialSource {

    /**
     * The credential to send now; the same object as long as it stays the same. Called on event loops, once for each attempt.
     *
     * @return {@code null} when there is none at hand, and {@link #later} is to be asked
     */
    String now();

    /**
     * Gets a credential. The attempt waits meanwhile; if the future fails, or takes too long, the attempt has failed and the
     * next candidate is asked.
     *
     * @return completed by any thread; belongs to this attempt alone, and is cancelled when nobody waits any more
     */
    default CompletableFuture<String> later() {
        return CompletableFuture.failedFuture(new IllegalStateException("no credential"));
    }

    /** How long an attempt waits for {@link #later}. More than zero. */
    default Duration patience() {
        return Duration.ofSeconds(5);
    }

    /** The provider has refused {@code credential}, or the account behind it. */
    default void refused(String credential) {}

    /** One that never changes. */
    static CredentialSource fixed(String credential) {
        return new Fixed(Objects.requireNonNull(credential, "credential"));
    }

    /** A credential that never changes. */
    record Fixed(String now) implements CredentialSource {

        /** Never prints a secret. */
        @Override
        public String toString() {
            return "Fixed[(hidden)]";
        }
    }
}
