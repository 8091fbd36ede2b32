package io.costoptimal.gateway.exchange;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The gateway keys of one configuration. Called on event loops, and so never blocks; immutable as far as a caller can tell.
 */
public interface Keys {

    /** The owner of {@code presented}, or {@code null} when nobody is known to own it. Takes the same time for every wrong key. */
    Principal find(CharSequence presented);

    /**
     * Who may come in with {@code certificate} as with a key; empty when it stands for nobody. Two or more are none: a certificate
     * that is several is refused.
     */
    default Set<Principal> certified(ClientCertificate certificate) {
        return Set.of();
    }

    /**
     * Looks somewhere slower, such as a database, for the owner of a key that {@link #find} does not know. The request waits
     * meanwhile, and nothing of its body is read.
     *
     * @return {@code null} when there is nowhere else to look. Otherwise completed by any thread, with {@code null} when
     *     nobody owns the key. It belongs to this request, and is cancelled when nobody waits any more: the client has left,
     *     or there was no answer in time
     */
    default CompletableFuture<Principal> findLater(String presented) {
        return null;
    }

    /**
     * How long a request waits for {@link #findLater}; then it is refused with a 503, as it is when the future fails and when a
     * method of these keys throws. More than zero.
     */
    default Duration patience() {
        return Duration.ofSeconds(5);
    }
}
