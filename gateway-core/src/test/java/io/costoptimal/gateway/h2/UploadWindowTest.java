package io.costoptimal.gateway.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.BodyMemory;
import io.costoptimal.gateway.exchange.ByteBudget;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the windows of a connection's streams grow by, and what memory that takes. */
class UploadWindowTest {

    private static final int KB = 1024;
    private static final long LONG = 100L * KB * KB;

    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final DefaultHttp2Connection connection = new DefaultHttp2Connection(true);
    private final DefaultHttp2LocalFlowController flow = new DefaultHttp2LocalFlowController(connection);
    private long room = Long.MAX_VALUE;
    private long held;
    private long large;

    private final BodyMemory memory = new BodyMemory() {
        @Override
        public boolean take(int bytes, boolean isLarge) {
            if (bytes > room - held) {
                return false;
            }
            held += bytes;
            large += isLarge ? bytes : 0;
            return true;
        }

        @Override
        public void giveBack(int bytes, boolean isLarge) {
            held -= bytes;
            large -= isLarge ? bytes : 0;
            assertThat(large).isBetween(0L, held);
        }
    };

    private final ByteBudget unread = new ByteBudget(70 * KB);
    private UploadWindows all;
    private int streams = -1;

    @BeforeEach
    void begins() throws Exception {
        flow.frameWriter(new DefaultHttp2FrameWriter());
        flow.channelHandlerContext(channel.pipeline().firstContext());
        flow.initialWindowSize(Http2Setup.STREAM_WINDOW);
        all = new UploadWindows(flow, connection.connectionStream(), new UploadWindows.Memory(memory, unread));
    }

    @AfterEach
    void ends() {
        channel.finishAndReleaseAll();
    }

    private UploadWindow stream(long length) throws Exception {
        streams += 2;
        UploadWindow window = new UploadWindow(all);
        window.begins(connection.remote().createStream(streams, false), length);
        window.authorised();
        return window;
    }

    private int sizeOfLast() {
        Http2Stream last = connection.stream(streams);
        return flow.initialWindowSize(last);
    }

    @Test
    void growsByTwiceWhatHasComeUpToTheMost() throws Exception {
        UploadWindow window = stream(LONG);
        window.grow(16 * KB);
        assertThat(sizeOfLast()).isEqualTo(96 * KB);
        window.grow(100 * KB);
        assertThat(sizeOfLast()).isEqualTo(264 * KB);
        window.grow(10_000 * KB);
        assertThat(sizeOfLast()).isEqualTo(UploadWindow.MOST);
        assertThat(held).isEqualTo(large).isEqualTo(UploadWindow.MOST - 64 * KB);
        window.ends();
        assertThat(held).isZero();
    }

    @Test
    void growsByNoMoreThanIsLeftOfTheBody() throws Exception {
        UploadWindow window = stream(200 * KB);
        window.grow(50 * KB);
        assertThat(sizeOfLast()).isEqualTo(150 * KB);
        window.grow(190 * KB);
        assertThat(sizeOfLast()).isEqualTo(150 * KB);
    }

    @Test
    void growsForABodyOfUnknownLengthAsForALongOne() throws Exception {
        stream(-1).grow(16 * KB);
        assertThat(sizeOfLast()).isEqualTo(96 * KB);
    }

    @Test
    void growsByAPartIfThereIsRoomForAPart() throws Exception {
        room = 40 * KB;
        stream(LONG).grow(32 * KB);
        assertThat(sizeOfLast()).isEqualTo(96 * KB);
    }

    @Test
    void asksAgainAfterAWhileForWhatWasRefused() throws Exception {
        room = 0;
        UploadWindow window = stream(LONG);
        window.grow(32 * KB);
        assertThat(sizeOfLast()).isEqualTo(64 * KB);
        room = LONG;
        window.grow(48 * KB);
        assertThat(sizeOfLast()).isEqualTo(64 * KB);
        window.grow(64 * KB);
        assertThat(sizeOfLast()).isEqualTo(192 * KB);
    }

    @Test
    void theStreamsOfAConnectionGrowByNoMoreThanItMay() throws Exception {
        UploadWindow first = stream(LONG);
        first.grow(LONG / 2);
        for (int i = 0; i < 3; i++) {
            stream(LONG).grow(LONG / 2);
            assertThat(sizeOfLast()).isEqualTo(UploadWindow.MOST);
        }
        UploadWindow fifth = stream(LONG);
        fifth.grow(LONG / 4);
        assertThat(sizeOfLast()).isEqualTo(64 * KB + 256 * KB);
        assertThat(held).isEqualTo(UploadWindows.CONNECTION_MOST);

        first.ends();
        fifth.grow(LONG / 2);
        assertThat(sizeOfLast()).isEqualTo(UploadWindow.MOST);
    }

    @Test
    void bytesThatNobodyWantsYetFillWhatTheWindowGrewByFirst() throws Exception {
        UploadWindow window = stream(LONG);
        window.grow(32 * KB);
        assertThat(held).isEqualTo(64 * KB);
        assertThat(window.take(60 * KB)).isTrue();
        assertThat(held).isEqualTo(64 * KB);
        assertThat(window.take(10 * KB)).isTrue();
        assertThat(held).isEqualTo(70 * KB);
        room = 70 * KB;
        assertThat(window.take(1)).isFalse();
        window.giveBack(60 * KB);
        assertThat(held).isEqualTo(64 * KB);
        window.giveBack(10 * KB);
        window.ends();
        assertThat(held).isZero();
    }

    @Test
    void whoIsNotAuthorisedTakesNothingOfTheMemoryForBodies() throws Exception {
        UploadWindow window = stream(LONG);
        window.begins(connection.stream(streams), LONG);
        window.grow(16 * KB);
        assertThat(sizeOfLast()).isEqualTo(64 * KB);
        assertThat(window.take(60 * KB)).isTrue();
        assertThat(window.take(20 * KB)).isFalse();
        assertThat(unread.level().held()).isEqualTo(60 * KB);
        // What was taken before stays where it was taken.
        window.authorised();
        assertThat(window.take(10 * KB)).isTrue();
        assertThat(held).isZero();
        window.giveBack(70 * KB);
        assertThat(unread.level().held()).isZero();
        assertThat(window.take(20 * KB)).isTrue();
        assertThat(held).isEqualTo(20 * KB);
    }

    @Test
    void theConnectionOpensOnceSomebodyIsAuthorised() {
        assertThat(flow.initialWindowSize(connection.connectionStream())).isEqualTo(65_535);
        assertThat(all.authorise()).isTrue();
        assertThat(all.authorise()).isFalse();
        assertThat(flow.initialWindowSize(connection.connectionStream())).isEqualTo(Http2Setup.CONNECTION_WINDOW);
    }
}
