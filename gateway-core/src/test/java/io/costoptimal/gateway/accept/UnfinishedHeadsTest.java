package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.http.FramingGuard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the decoder counts of heads that have not come whole, and what it does when there is no room for more. */
class UnfinishedHeadsTest {

    private static final String HEAD = "GET /v1/models HTTP/1.1\r\nHost: gateway\r\nAccept: */*\r\n\r\n";
    private static final String POST = "POST /v1/responses HTTP/1.1\r\nHost: gateway\r\nContent-Length: 4\r\n\r\nbody";

    private final ByteBudget budget = new ByteBudget(1000);

    @Test
    void aHeadThatComesWholeNeedsNoRoom() {
        Decoding client = new Decoding(new ByteBudget(0));

        client.send(HEAD)
                .send(POST)
                .send(HEAD + HEAD)
                .send(POST.replace("body", ""))
                .send("bo")
                .send("dy");

        assertThat(client.requests())
                .hasSize(5)
                .allMatch(request -> request.decoderResult().isSuccess());
    }

    @Test
    void aHeadIsCountedFromItsFirstPieceToItsLast() {
        Decoding client = new Decoding(budget);
        for (int cut = 1; cut < HEAD.length(); cut++) {
            client.send(HEAD.substring(0, cut));
            assertThat(held()).as("after " + cut + " bytes").isGreaterThanOrEqualTo(cut);

            client.send(HEAD.substring(cut));
            assertThat(held()).isZero();
        }
        assertThat(client.requests()).hasSize(HEAD.length() - 1);
    }

    @Test
    void fieldsReadSoFarCountAsWellAsWhatIsKeptAsBytes() {
        Decoding client = new Decoding(budget);
        String fields = HEAD.substring(0, HEAD.length() - 2);

        client.send(fields);

        assertThat(held()).isEqualTo(fields.length());
    }

    @Test
    void givesBackWhatItCountedWhenTheConnectionCloses() {
        Decoding client = new Decoding(budget);
        client.send(HEAD.substring(0, 20));
        assertThat(held()).isPositive();

        client.channel.close();

        assertThat(held()).isZero();
    }

    @Test
    void refusesAHeadThereIsNoRoomForAndDropsTheRestOfIt() {
        Decoding one = new Decoding(budget);
        Decoding other = new Decoding(budget);
        one.send("GET /?" + "x".repeat(700));
        long before = held();

        other.send("GET /?" + "y".repeat(700));

        assertThat(other.requests()).hasSize(1);
        assertThat(other.requests().get(0).decoderResult().cause()).isInstanceOf(FramingGuard.NoRoom.class);
        assertThat(FramingGuard.check(other.requests().get(0)).status()).isEqualTo(503);
        assertThat(held()).as("what the other head holds").isEqualTo(before);
        other.send(" HTTP/1.1\r\nHost: h\r\n\r\n" + HEAD);
        assertThat(other.requests()).hasSize(1);

        one.send(" HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(one.requests())
                .hasSize(1)
                .allMatch(request -> request.decoderResult().isSuccess());
        assertThat(held()).isZero();
    }

    @Test
    void doesNotReadOnWhatIsSentAheadWhileThereIsNoRoom() {
        Decoding client = new Decoding(budget);
        client.send(HEAD);
        client.decoder.shut();
        client.send(HEAD);
        assertThat(held()).isEqualTo(HEAD.length());
        assertThat(client.decoder.holdsEnough()).isFalse();

        assertThat(budget.take(1000 - HEAD.length())).isTrue();
        client.send(HEAD);

        assertThat(client.decoder.holdsEnough()).isTrue();
        assertThat(client.channel.config().isAutoRead()).isFalse();
        client.decoder.open();
        client.channel.runPendingTasks();
        assertThat(client.requests())
                .hasSize(3)
                .allMatch(request -> request.decoderResult().isSuccess());
        assertThat(client.decoder.holdsEnough()).isFalse();
        assertThat(held()).isEqualTo(1000 - HEAD.length());
    }

    @Test
    void aBodyThatIsHeldBackCountsLikeWhatIsSentAhead() {
        Decoding client = new Decoding(budget);
        String head = POST.replace("body", "");
        client.send(head);
        client.decoder.shut();
        client.send("bo");
        assertThat(held()).isEqualTo(2);

        assertThat(budget.take(1000 - 2)).isTrue();
        client.send("d");

        assertThat(client.decoder.holdsEnough()).isTrue();
        client.decoder.open();
        client.channel.runPendingTasks();
        assertThat(held()).isEqualTo(1000 - 2);
        assertThat(client.decoder.holdsEnough()).isFalse();
        client.send("y" + HEAD);
        assertThat(client.requests())
                .hasSize(2)
                .allMatch(request -> request.decoderResult().isSuccess());
    }

    @Test
    void holdsNothingAfterAnyWayOfCutting() {
        String all = HEAD + POST + POST + HEAD;
        for (int seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Decoding client = new Decoding(budget);
            for (int at = 0; at < all.length(); ) {
                int end = Math.min(all.length(), at + 1 + random.nextInt(60));
                client.send(all.substring(at, end));
                at = end;
            }
            assertThat(client.requests()).as("seed " + seed).hasSize(4);
            assertThat(held()).as("seed " + seed).isZero();
        }
    }

    private long held() {
        return budget.level().held();
    }

    /** A decoder in a channel of its own. */
    private static final class Decoding {

        final RequestDecoder decoder;
        final EmbeddedChannel channel;
        private final List<HttpRequest> requests = new ArrayList<>();

        Decoding(ByteBudget budget) {
            decoder = new RequestDecoder(Limits.DEFAULTS.head(), budget);
            channel = new EmbeddedChannel(decoder);
        }

        Decoding send(String bytes) {
            ByteBuf exact = Unpooled.wrappedBuffer(bytes.getBytes(StandardCharsets.US_ASCII));
            channel.writeInbound(exact);
            return this;
        }

        /** All that came so far. */
        List<HttpRequest> requests() {
            for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
                if (message instanceof HttpRequest request) {
                    requests.add(request);
                }
                if (message instanceof HttpContent content) {
                    content.release();
                }
            }
            return requests;
        }
    }
}
