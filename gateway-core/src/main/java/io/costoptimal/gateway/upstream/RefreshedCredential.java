package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.CredentialSource;
import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.exchange.RareWarning;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A credential that expires and is fetched anew. Any thread.
 *
 * <p>At most one fetch runs at a time, whoever wants the credential. It begins before the present one expires, when a fifth of
 * its life is left or five minutes, whichever is less, and nobody waits for it then. After a fetch that failed the next begins
 * a second later at the earliest, then two, four, and at last a minute. A credential is sent until it expires, however many
 * fetches have failed; one that has expired when it comes is a failure. Nothing is fetched while nobody asks. Of what a fetch
 * throws, the log has the class alone, unless debug lines are written.
 */
public final class RefreshedCredential implements CredentialSource {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(RefreshedCredential.class);

    private static final Duration EARLY = Duration.ofMinutes(5);
    private static final long PAUSE_MILLIS = 1000;
    private static final long MAX_PAUSE_MILLIS = 60_000;
    /** A fetch that takes longer has failed. */
    private static final long FETCH_SECONDS = 30;

    /**
     * What a fetch gives.
     *
     * @param value the credential as the provider's kind takes it, without a word such as {@code Bearer}
     * @param renew from when on the next one is fetched
     * @param expires from when on it is not sent any more; {@link Instant#MAX} for never
     */
    public record Token(String value, Instant renew, Instant expires) {

        /** One that was given at {@code now} and is renewed in good time. */
        public static Token until(String value, Instant now, Instant expires) {
            Duration early = Duration.between(now, expires).dividedBy(5);
            return new Token(value, expires.minus(early.compareTo(EARLY) < 0 ? early : EARLY), expires);
        }

        /** Never prints a secret. */
        @Override
        public String toString() {
            return "Token[(hidden), renew " + renew + ", expires " + expires + "]";
        }
    }

    private final Supplier<? extends CompletionStage<Token>> fetch;
    private final InstantSource time;
    private final RareWarning warning = new RareWarning(LOG);

    /** Written under the lock of this object. */
    private volatile Token token;
    /** From when on a fetch may begin, in milliseconds since 1970. */
    private volatile long notBefore;

    // Guarded by this object.
    private CompletableFuture<Token> running;
    private int failures;
    /** Of the last fetch; {@code null} when it did not fail. */
    private Throwable failure;

    /**
     * @param fetch begins to get a token; called by any thread, an event loop among them, and so never blocks. What is not
     *     there within half a minute has failed
     */
    public RefreshedCredential(Supplier<? extends CompletionStage<Token>> fetch) {
        this(fetch, null, InstantSource.system());
    }

    /** @param first what is known already; {@code null} for nothing */
    RefreshedCredential(Supplier<? extends CompletionStage<Token>> fetch, Token first, InstantSource time) {
        this.fetch = fetch;
        this.time = time;
        this.token = first;
    }

    @Override
    public String now() {
        Token present = token;
        long now = time.millis();
        if (present != null && now < millis(present.renew())) {
            return present.value();
        }
        refresh(now);
        return unexpired(now);
    }

    private String unexpired(long now) {
        Token present = token;
        return present != null && now < millis(present.expires()) ? present.value() : null;
    }

    private static long millis(Instant when) {
        return when == Instant.MAX ? Long.MAX_VALUE : when.toEpochMilli();
    }

    @Override
    public CompletableFuture<String> later() {
        String present = now();
        if (present != null) {
            return CompletableFuture.completedFuture(present);
        }
        synchronized (this) {
            if (running != null) {
                // A copy, because one that waits may cancel its own and nobody else's.
                return running.thenApply(Token::value).copy();
            }
            // The fetch that ran a moment ago may have ended since.
            present = unexpired(time.millis());
            return present != null
                    ? CompletableFuture.completedFuture(present)
                    : CompletableFuture.failedFuture(
                            failure != null ? failure : new UnusableCredential("it has expired"));
        }
    }

    /** The next one is fetched with the next request; until it is here the old one is sent, for it may not be to blame. */
    @Override
    public synchronized void refused(String credential) {
        Token present = token;
        if (present != null && present.value().equals(credential)) {
            token = new Token(present.value(), Instant.EPOCH, present.expires());
        }
    }

    private void refresh(long now) {
        CompletableFuture<Token> begun;
        synchronized (this) {
            if (running != null || now < notBefore) {
                return;
            }
            begun = new CompletableFuture<>();
            running = begun;
        }
        CompletionStage<Token> fetched;
        try {
            fetched = fetch.get();
        } catch (Throwable e) {
            OutOfMemory.passOn(e);
            fetched = CompletableFuture.failedFuture(e);
        }
        fetched.toCompletableFuture()
                .copy()
                .orTimeout(FETCH_SECONDS, TimeUnit.SECONDS)
                .thenApply(this::checked)
                .whenComplete((got, why) -> ended(begun, got, why));
    }

    private Token checked(Token got) {
        try {
            ProviderCheck.credential(got.value());
        } catch (IllegalArgumentException e) {
            throw new UnusableCredential("credential: (hidden) (expected: " + e.getMessage() + ")");
        }
        if (time.millis() >= millis(got.expires())) {
            throw new UnusableCredential("credential: expired at " + got.expires() + " (expected: later than now, "
                    + time.instant() + " by this machine's clock)");
        }
        return got;
    }

    private void ended(CompletableFuture<Token> begun, Token got, Throwable why) {
        synchronized (this) {
            long now = time.millis();
            running = null;
            if (why == null) {
                token = same(got);
                failure = null;
                failures = 0;
                notBefore = now + PAUSE_MILLIS;
            } else {
                failure = why;
                notBefore = now + Math.min(MAX_PAUSE_MILLIS, PAUSE_MILLIS << Math.min(failures++, 10));
            }
        }
        if (why == null) {
            begun.complete(got);
        } else {
            logged(why);
            begun.completeExceptionally(why);
        }
    }

    /** Nothing of somebody else's message, which may quote the answer with the token in it. */
    private void logged(Throwable why) {
        Throwable real = why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
        if (real instanceof UnusableCredential ours) {
            warning.log("credential_failed cause=\"" + ours.getMessage() + '"');
        } else {
            warning.logKind("credential_failed", why);
        }
    }

    /** Keeps the text of the present token if the new one is the same, so that heads need not be made anew. */
    private Token same(Token got) {
        Token present = token;
        boolean same = present != null && present.value().equals(got.value());
        return same ? new Token(present.value(), got.renew(), got.expires()) : got;
    }

    /** Never prints a secret. */
    @Override
    public String toString() {
        return "RefreshedCredential[" + (token == null ? "none" : "(hidden)") + "]";
    }
}
