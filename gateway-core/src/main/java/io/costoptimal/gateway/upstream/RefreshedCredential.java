package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.CredentialSource;
import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.exchange.RareWarning;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A credential that expires and is fetched anew. Any thread.
 *
 * <p>At most one fetch runs at a time, whoever wants the credential. It begins before the present one expires, when a fifth of
 * its life is left or five minutes, whichever is less, and nobody waits for it then. After a fetch that failed the next begins
 * a second later at the earliest, then two, four, and at last a minute. A credential is sent until it expires, however many
 * fetches have failed. Nothing is fetched while nobody asks.
 */
public final class RefreshedCredential implements CredentialSource {

    private static final RareWarning FAILURES =
            new RareWarning(InternalLoggerFactory.getInstance(RefreshedCredential.class));

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

    private volatile Token token;
    /** From when on a fetch may begin, in milliseconds since 1970. */
    private volatile long notBefore;

    // Guarded by this object.
    private CompletableFuture<Token> running;
    private int failures;
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
        present = token;
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
            // A copy, because one that waits may cancel its own and nobody else's.
            return running == null
                    ? CompletableFuture.failedFuture(failure)
                    : running.thenApply(Token::value).copy();
        }
    }

    /** The next one is fetched with the next request; until it is here the old one is sent, for it may not be to blame. */
    @Override
    public void refused(String credential) {
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
                .thenApply(RefreshedCredential::checked)
                .whenComplete((got, why) -> ended(begun, got, why));
    }

    private static Token checked(Token got) {
        try {
            ProviderCheck.credential(got.value());
            return got;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("credential: (hidden) (expected: " + e.getMessage() + ")", e);
        }
    }

    private void ended(CompletableFuture<Token> begun, Token got, Throwable why) {
        synchronized (this) {
            long now = time.millis();
            running = null;
            if (why == null) {
                token = same(got);
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
            FAILURES.log("credential_failed", why);
            begun.completeExceptionally(why);
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
