package io.costoptimal.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.upstream.RefreshedCredential.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

/** By a clock that the test moves, with fetches that end when the test says so. */
class RefreshedCredentialTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Deque<CompletableFuture<Token>> fetches = new ArrayDeque<>();
    private Instant now = START;
    private int begun;

    private final RefreshedCredential credential = new RefreshedCredential(this::fetch, null, () -> now);

    private CompletableFuture<Token> fetch() {
        begun++;
        CompletableFuture<Token> fetch = new CompletableFuture<>();
        fetches.add(fetch);
        return fetch;
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private void give(String value, Duration life) {
        fetches.remove().complete(Token.until(value, now, now.plus(life)));
    }

    private void fail() {
        fetches.remove().completeExceptionally(new IllegalStateException("no token today"));
    }

    @Test
    void fetchesOnceForAllWhoWait() {
        assertThat(credential.now()).isNull();
        CompletableFuture<String> first = credential.later();
        CompletableFuture<String> second = credential.later();
        CompletableFuture<String> third = credential.later();
        assertThat(begun).isOne();

        second.cancel(false);
        give("a", Duration.ofHours(1));
        assertThat(first).isCompletedWithValue("a");
        assertThat(third).isCompletedWithValue("a");
        assertThat(credential.now()).isEqualTo("a").isSameAs(credential.now());
        assertThat(credential.later()).isCompletedWithValue("a");
        assertThat(begun).isOne();
    }

    @Test
    void fetchesTheNextBeforeTheOldOneExpiresAndNobodyWaits() {
        credential.now();
        give("a", Duration.ofHours(1));
        pass(Duration.ofMinutes(55).minusMillis(1));
        assertThat(credential.now()).isEqualTo("a");
        assertThat(begun).isOne();

        pass(Duration.ofMillis(1));
        assertThat(credential.now()).isEqualTo("a");
        assertThat(credential.now()).isEqualTo("a");
        assertThat(begun).isEqualTo(2);
        give("b", Duration.ofHours(1));
        assertThat(credential.now()).isEqualTo("b");
    }

    @Test
    void renewsAShortLifeWithAFifthOfItLeft() {
        credential.now();
        give("a", Duration.ofSeconds(100));
        pass(Duration.ofSeconds(80).minusMillis(1));
        credential.now();
        assertThat(begun).isOne();
        pass(Duration.ofMillis(1));
        credential.now();
        assertThat(begun).isEqualTo(2);
    }

    @Test
    void sendsTheOldOneWhileFetchesFailUntilItExpires() {
        credential.now();
        give("a", Duration.ofSeconds(100));
        pass(Duration.ofSeconds(90));
        assertThat(credential.now()).isEqualTo("a");
        fail();
        assertThat(credential.now()).isEqualTo("a");
        pass(Duration.ofSeconds(10));
        assertThat(credential.now()).isNull();
        CompletableFuture<String> later = credential.later();
        assertThat(later).isNotDone();
        fail();
        assertThatThrownBy(later::join).hasRootCauseMessage("no token today");
    }

    @Test
    void waitsLongerAfterEachFailureAndAMinuteAtMost() {
        int[] pauses = {1, 2, 4, 8, 16, 32, 60, 60};
        credential.now();
        for (int pause : pauses) {
            fail();
            int before = begun;
            pass(Duration.ofSeconds(pause).minusMillis(1));
            assertThat(credential.now()).isNull();
            assertThat(credential.later()).as("fails at once in a pause").isCompletedExceptionally();
            assertThat(begun).isEqualTo(before);
            pass(Duration.ofMillis(1));
            assertThat(credential.now()).isNull();
            assertThat(begun).isEqualTo(before + 1);
        }
        give("a", Duration.ofSeconds(10));
        pass(Duration.ofSeconds(10));
        credential.now();
        fail();
        int before = begun;
        pass(Duration.ofSeconds(1));
        credential.now();
        assertThat(begun).as("a success forgets the failures").isEqualTo(before + 1);
    }

    @Test
    void fetchesAnewWhenItsCredentialIsRefused() {
        credential.now();
        give("a", Duration.ofHours(1));
        credential.refused("somebody else's");
        pass(Duration.ofSeconds(1));
        credential.now();
        assertThat(begun).isOne();

        credential.refused("a");
        assertThat(credential.now()).as("it may not be to blame").isEqualTo("a");
        assertThat(begun).isEqualTo(2);
        give("b", Duration.ofHours(1));
        assertThat(credential.now()).isEqualTo("b");
    }

    @Test
    void fetchesNoMoreThanOnceASecondHoweverOftenItIsRefused() {
        credential.now();
        give("a", Duration.ofHours(1));
        credential.refused("a");
        credential.now();
        assertThat(begun).isOne();
        pass(Duration.ofSeconds(1));
        credential.now();
        assertThat(begun).isEqualTo(2);
    }

    @Test
    void takesNothingThatCannotBeSent() {
        for (String value : new String[] {"", "a\r\nx: y", " a", "\u20ac"}) {
            pass(Duration.ofMinutes(2));
            CompletableFuture<String> later = credential.later();
            give(value, Duration.ofHours(1));
            assertThatThrownBy(later::join).hasMessageContaining("credential: (hidden)");
            assertThat(credential.now()).isNull();
        }
    }

    @Test
    void failsWithAFetchThatThrowsOrGivesNothing() {
        RefreshedCredential throwing = new RefreshedCredential(
                () -> {
                    throw new IllegalStateException("a defect");
                },
                null,
                () -> now);
        assertThat(throwing.now()).isNull();
        assertThatThrownBy(() -> throwing.later().join()).hasRootCauseMessage("a defect");
        RefreshedCredential nothing =
                new RefreshedCredential(() -> CompletableFuture.completedFuture(null), null, () -> now);
        assertThat(nothing.now()).isNull();
        assertThat(nothing.later()).isCompletedExceptionally();
    }

    /** As it is when the clocks of two machines differ. */
    @Test
    void aTokenThatHasExpiredWhenItComesIsAFailureThatSaysSo() {
        credential.now();
        CompletableFuture<String> later = credential.later();
        fetches.remove().complete(new Token("a", START, now));
        assertThatThrownBy(later::join).hasMessageContaining("credential: expired at 2026-01-01T00:00:00Z");
        assertThat(credential.now()).isNull();
        assertThatThrownBy(() -> credential.later().join()).hasMessageContaining("credential: expired at");
        assertThat(begun).as("as after any failure").isOne();
    }

    @Test
    void aFailureBeforeASuccessExplainsNothingAfterIt() {
        credential.now();
        fail();
        pass(Duration.ofSeconds(1));
        credential.now();
        give("a", Duration.ofMillis(500));
        pass(Duration.ofMillis(500));
        CompletableFuture<String> later = credential.later();
        assertThat(begun).as("in the pause").isEqualTo(2);
        assertThatThrownBy(later::join).hasMessageContaining("expired").hasMessageNotContaining("no token today");
    }

    /** Whoever parses an answer may quote it. */
    @Test
    void whatAFetchThrowsIsInNoLogLine() {
        List<LogRecord> records = new ArrayList<>();
        Handler log = new Handler() {
            @Override
            public void publish(LogRecord record) {
                records.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger root = Logger.getLogger("");
        root.addHandler(log);
        try {
            credential.now();
            fetches.remove()
                    .completeExceptionally(new IllegalStateException(
                            "Unexpected token in {\"access_token\":\"s3cret\"",
                            new IllegalArgumentException("s3cret")));
            RefreshedCredential unsendable = new RefreshedCredential(this::fetch, null, () -> now);
            unsendable.now();
            give("s3cret\n", Duration.ofHours(1));
        } finally {
            root.removeHandler(log);
        }
        List<String> lines = records.stream()
                .map(record -> new SimpleFormatter().format(record))
                .toList();
        assertThat(lines)
                .anySatisfy(line -> assertThat(line).contains("credential_failed cause=IllegalStateException"))
                .anySatisfy(line -> assertThat(line).contains("credential_failed cause=\"credential: (hidden)"))
                .noneSatisfy(line -> assertThat(line).contains("s3cret"));
    }

    @Test
    void neverPrintsASecret() {
        credential.now();
        give("s3cret", Duration.ofHours(1));
        assertThat(credential + " " + Token.until("s3cret", START, START.plusSeconds(9)))
                .doesNotContain("s3cret");
    }
}
