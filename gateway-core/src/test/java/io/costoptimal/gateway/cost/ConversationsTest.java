package io.costoptimal.gateway.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Usage;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConversationsTest {

    private static final Candidate HERE = candidate("here", null);
    private static final Candidate THERE = candidate("there", "big-1");
    private static final List<Candidate> LISTED = List.of(HERE, THERE);

    private long now = 1_000_000;
    private final Conversations conversations = new Conversations(() -> now);
    private final long chat = number("team", 'a');

    private static Candidate candidate(String id, String model) {
        Provider provider = new Provider(
                id, null, URI.create("http://" + id), new Provider.Access(null, null, Map.of()), Duration.ofSeconds(1));
        return new Candidate(provider, model);
    }

    private long number(String key, char text) {
        byte[] start = new byte[Conversations.START];
        Arrays.fill(start, (byte) text);
        return conversations.number(key, start, start.length);
    }

    private static Usage.Input read(long uncached, long cached) {
        return new Usage.Input(uncached, cached, -1, -1, -1);
    }

    private Demand.Warm warm(long conversation, int bytes) {
        return conversations.warm(conversation, LISTED, "gpt-4o", bytes);
    }

    @Test
    void aConversationIsWhatAKeyBeginsItsBodiesWith() {
        byte[] longer = new byte[3 * Conversations.START];
        Arrays.fill(longer, (byte) 'a');

        assertThat(conversations.number("team", longer, longer.length)).isEqualTo(chat);
        assertThat(number("team", 'b')).isNotEqualTo(chat);
        assertThat(number("other", 'a')).isNotEqualTo(chat);
        longer[Conversations.START - 1] = 'b';
        assertThat(conversations.number("team", longer, longer.length)).isNotEqualTo(chat);
    }

    @Test
    void aShortBodyIsNoConversation() {
        assertThat(conversations.number("team", new byte[Conversations.START], Conversations.START - 1))
                .isZero();
        conversations.answered(0, HERE, "gpt-4o", 100, read(5000, 0));
        assertThat(warm(0, 100)).isNull();
    }

    @Test
    void theNextTurnFindsTheLastOneInTheCacheOfWhoAnsweredIt() {
        conversations.answered(chat, THERE, "big-1", 9000, read(3000, 0));

        assertThat(warm(chat, 10_000)).isEqualTo(new Demand.Warm(1, 900));
        assertThat(warm(chat, 8000)).as("shorter than before: all of it").isEqualTo(new Demand.Warm(1, 1000));
        assertThat(warm(number("team", 'b'), 10_000)).isNull();
    }

    @Test
    void aCandidateWithoutANameOfItsOwnIsSentTheModelAskedFor() {
        conversations.answered(chat, HERE, "gpt-4o", 9000, read(3000, 0));

        assertThat(warm(chat, 9000)).isEqualTo(new Demand.Warm(0, 1000));
        assertThat(conversations.warm(chat, LISTED, "gpt-4o-mini", 9000)).isNull();
    }

    @Test
    void whoeverAnsweredLastHasIt() {
        conversations.answered(chat, HERE, "gpt-4o", 9000, read(3000, 0));
        conversations.answered(chat, THERE, "big-1", 9100, read(3100, 0));

        assertThat(warm(chat, 9100)).isEqualTo(new Demand.Warm(1, 1000));
    }

    @Test
    void aCacheIsKeptForMinutesOnly() {
        conversations.answered(chat, HERE, "gpt-4o", 9000, read(3000, 0));

        now += Duration.ofMinutes(5).toMillis();
        assertThat(warm(chat, 9000)).isNotNull();
        now++;
        assertThat(warm(chat, 9000)).isNull();
    }

    @Test
    void whoDidNotCacheTheTurnBeforeIsNotExpectedToCacheTheNext() {
        conversations.answered(chat, HERE, "gpt-4o", 9000, read(3000, 0));
        conversations.answered(chat, HERE, "gpt-4o", 9500, read(3200, 0));
        assertThat(warm(chat, 9500)).isNull();

        conversations.answered(chat, HERE, "gpt-4o", 9900, read(400, 2800));
        assertThat(warm(chat, 9900)).isNotNull();
    }

    @Test
    void aConversationThatIsTooShortToBeCachedIsNot() {
        conversations.answered(chat, HERE, "gpt-4o", 3000, read(1023, 0));

        assertThat(warm(chat, 3000)).isNull();
    }

    @Test
    void moreConversationsThanThereIsRoomForPushTheOldestOut() {
        for (int i = 0; i < 200_000; i++) {
            now++;
            conversations.answered(Conversations.mixed(i + 1), HERE, "gpt-4o", 9000, read(3000, 0));
        }

        assertThat(warm(Conversations.mixed(200_000), 9000)).isNotNull();
        assertThat(warm(Conversations.mixed(1), 9000)).isNull();
    }
}
