package io.costoptimal.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HeldBodyTest {

    private static final byte[] TEXT = "{\"model\":\"a\"}".getBytes(StandardCharsets.US_ASCII);

    private final ByteBufAllocator alloc = PooledByteBufAllocator.DEFAULT;

    @Test
    void replacesAnyRangeWhereverThePiecesMeet() {
        byte[] replacement = "\"x\"".getBytes(StandardCharsets.US_ASCII);
        for (int first = 0; first <= TEXT.length; first++) {
            for (int second = first; second <= TEXT.length; second++) {
                HeldBody body = pieces(first, second);
                for (int start = 0; start < TEXT.length; start++) {
                    for (int end = start + 1; end <= TEXT.length; end++) {
                        assertThat(drain(body.copyForWrite(List.of(new BodyEdit(start, end, replacement)))))
                                .isEqualTo(spliced(start, end, replacement));
                    }
                }
                assertThat(drain(body.copyForWrite(List.of()))).isEqualTo(TEXT);
                assertThat(shared(body)).isEqualTo(TEXT);
                body.release();
            }
        }
    }

    @Test
    void copiesWhatItBeginsWithWhereverThePiecesMeetAndWhoeverHoldsThem() {
        for (int first = 0; first <= TEXT.length; first++) {
            HeldBody body = pieces(first, TEXT.length);
            for (int room = 0; room <= TEXT.length + 1; room++) {
                byte[] start = new byte[room];
                int expected = Math.min(room, TEXT.length);
                assertThat(body.copyStart(start)).isEqualTo(expected);
                assertThat(Arrays.copyOf(start, expected)).isEqualTo(Arrays.copyOf(TEXT, expected));
                SharedBody shared = body.share();
                byte[] elsewhere = new byte[room];
                assertThat(shared.copyStart(elsewhere)).isEqualTo(expected);
                assertThat(elsewhere).isEqualTo(start);
                shared.release();
            }
            body.release();
        }
    }

    /** Trap 30: every attempt writes the whole body, however much of it an earlier attempt got rid of. */
    @Test
    void writesTheSameBytesAgainAfterAPartialWrite() {
        HeldBody body = pieces(5, 11);
        List<ByteBuf> failed = body.copyForWrite(List.of(new BodyEdit(9, 12, new byte[] {'1'})));
        failed.get(0).skipBytes(failed.get(0).readableBytes());
        failed.get(1).skipBytes(2);
        failed.forEach(ByteBuf::release);

        assertThat(drain(body.copyForWrite(List.of(new BodyEdit(9, 12, new byte[] {'2'})))))
                .isEqualTo(spliced(9, 12, new byte[] {'2'}));
        body.release();
    }

    @Test
    void keepsTheBuffersThatWritersStillHoldAfterItsOwnRelease() {
        HeldBody body = pieces(5, 11);
        List<ByteBuf> writing = body.copyForWrite(List.of());

        body.release();

        assertThat(drain(writing)).isEqualTo(TEXT);
    }

    @Test
    void givesBackOnceWhatItHasTaken() {
        Memory memory = new Memory();
        HeldBody body = new HeldBody(memory, 0);
        body.hold(filled(1000, 1000), alloc);
        body.hold(filled(2000, 3000), alloc);
        assertThat(memory.held).as("memory kept, not bytes of body").isEqualTo(4000);

        body.release();
        body.release();
        new HeldBody(memory, 0).release();

        assertThat(memory.held).isZero();
        assertThat(body.length()).isZero();
    }

    @Test
    void paysOnceForABufferThatHoldsSeveralPieces() {
        Memory memory = new Memory();
        HeldBody body = new HeldBody(memory, 0);
        ByteBuf received = filled(2048, 2048);
        body.hold(received.readRetainedSlice(1024), alloc);
        body.hold(received.readRetainedSlice(1024), alloc);
        received.release();

        assertThat(memory.held).isEqualTo(2048);
        body.release();
    }

    @Test
    void keepsItsMemoryUntilAnotherThreadHasLetGoToo() {
        for (boolean sharedFirst : new boolean[] {true, false}) {
            Memory memory = new Memory();
            HeldBody body = new HeldBody(memory, 0);
            body.hold(filled(1000, 1000), alloc);
            SharedBody shared = body.share();
            Runnable[] both = sharedFirst
                    ? new Runnable[] {shared::release, body::release}
                    : new Runnable[] {body::release, shared::release};

            both[0].run();
            assertThat(memory.held).isEqualTo(1000);
            both[1].run();
            assertThat(memory.held).isZero();
        }
    }

    @Test
    void isLargeFromTheByteThatMakesItLongerThanAShortOneOrAsAnnounced() {
        Memory memory = new Memory();
        HeldBody grown = new HeldBody(memory, 0);
        grown.hold(filled(HeldBody.SHORT, HeldBody.SHORT), alloc);
        assertThat(memory.large).isZero();
        grown.hold(filled(1, 1), alloc);
        assertThat(memory.large).isEqualTo(memory.held).isGreaterThan(HeldBody.SHORT);
        grown.release();
        HeldBody announced = new HeldBody(memory, HeldBody.SHORT + 1);
        announced.hold(filled(1000, 1000), alloc);
        assertThat(memory.large).isEqualTo(1000);
        announced.release();

        assertThat(memory.large).isZero();
        assertThat(memory.held).isZero();
    }

    @Test
    void holdsNoPieceThereIsNoMemoryForAndKeepsTheOthers() {
        Memory memory = new Memory();
        memory.limit = 2500;
        HeldBody body = new HeldBody(memory, 0);
        assertThat(body.hold(filled(1000, 1000), alloc)).isTrue();
        ByteBuf refused = filled(2000, 2000);

        assertThat(body.hold(refused, alloc)).isFalse();

        assertThat(refused.refCnt()).isZero();
        assertThat(body.length()).isEqualTo(1000);
        body.release();
        assertThat(memory.held).isZero();
    }

    private static final class Memory implements BodyMemory {
        long limit = Long.MAX_VALUE;
        long held;
        long large;

        @Override
        public boolean take(int bytes, boolean large) {
            if (held + bytes > limit) {
                return false;
            }
            giveBack(-bytes, large);
            return true;
        }

        @Override
        public void giveBack(int bytes, boolean large) {
            held -= bytes;
            this.large -= large ? bytes : 0;
        }
    }

    private ByteBuf filled(int n, int capacity) {
        return alloc.directBuffer(capacity, capacity).writeZero(n);
    }

    private static byte[] shared(HeldBody body) {
        SharedBody shared = body.share();
        try {
            return ByteBufUtil.getBytes(shared.bytes());
        } finally {
            shared.release();
        }
    }

    @Test
    void doesNotPinAReceiveBufferForAFewBytesOfIt() {
        ByteBuf received = alloc.directBuffer(64 * 1024, 64 * 1024).writeZero(64 * 1024);
        HeldBody body = new HeldBody();

        body.hold(received.readRetainedSlice(1024), alloc);

        assertThat(received.refCnt()).isOne();
        received.release();
        body.release();
    }

    @Test
    void keepsAReceiveBufferThatIsMostlyBody() {
        ByteBuf received = alloc.directBuffer(2048, 2048).writeZero(2048);
        ByteBuf slice = received.readerIndex(900).readRetainedSlice(1148);
        received.release();
        HeldBody body = new HeldBody();

        body.hold(slice, alloc);

        assertThat(slice.refCnt()).isOne();
        body.release();
        assertThat(received.refCnt()).isZero();
    }

    @Test
    void pinsASmallMultipleOfItsLengthHoweverThePiecesCome() {
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int[] sizes = {1, 1 + random.nextInt(600), 512 + random.nextInt(600), 1 + random.nextInt(20_000)};
            UnpooledByteBufAllocator counting = new UnpooledByteBufAllocator(false);
            ByteBuf expected = Unpooled.buffer();
            HeldBody body = new HeldBody();
            for (int i = 0; i < 300; i++) {
                int n = sizes[random.nextInt(sizes.length)];
                int capacity = random.nextBoolean() ? n : n + random.nextInt(4 * n);
                ByteBuf received = counting.heapBuffer(capacity, capacity);
                for (int written = 0; written < n; written++) {
                    received.writeByte(random.nextInt());
                }
                expected.writeBytes(received.duplicate());
                body.hold(received.readRetainedSlice(n), counting);
                received.release();
            }
            long pinned = counting.metric().usedHeapMemory() + counting.metric().usedDirectMemory();
            assertThat(pinned).as("seed " + seed).isLessThanOrEqualTo(4L * body.length());
            assertThat(shared(body)).isEqualTo(drain(List.of(expected)));
            body.release();
        }
    }

    @Test
    void holdsBytesSentOneByOneInAFewBuffers() {
        HeldBody body = new HeldBody();
        for (int i = 0; i < 10_000; i++) {
            body.hold(Unpooled.wrappedBuffer(new byte[] {(byte) i}), alloc);
        }

        List<ByteBuf> writes = body.copyForWrite(List.of());

        assertThat(writes).hasSizeLessThan(20);
        byte[] all = drain(writes);
        for (int i = 0; i < 10_000; i++) {
            assertThat(all[i]).isEqualTo((byte) i);
        }
        body.release();
    }

    private HeldBody pieces(int first, int second) {
        HeldBody body = new HeldBody();
        body.add(alloc.buffer().writeBytes(TEXT, 0, first));
        body.add(alloc.buffer().writeZero(3).skipBytes(3).writeBytes(TEXT, first, second - first));
        body.add(alloc.buffer().writeBytes(TEXT, second, TEXT.length - second));
        return body;
    }

    private static byte[] spliced(int start, int end, byte[] replacement) {
        ByteBuf all = Unpooled.buffer();
        all.writeBytes(TEXT, 0, start).writeBytes(replacement).writeBytes(TEXT, end, TEXT.length - end);
        return drain(List.of(all));
    }

    private static byte[] drain(List<ByteBuf> buffers) {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf buffer : buffers) {
            all.writeBytes(buffer);
            buffer.release();
        }
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        return bytes;
    }
}
