package io.costoptimal.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class UnpackerTest {

    private static final byte[] TEXT =
            "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Say this is a test!\"}]}"
                    .getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @EnumSource
    void givesBackWhatWasPackedWhereverItIsCut(Packing packing) throws Exception {
        byte[] packed = packing.pack(TEXT);
        for (int cut = 0; cut <= packed.length; cut++) {
            assertThat(unpack(packing.coding(), 7, Arrays.copyOf(packed, cut), rest(packed, cut)))
                    .as("cut at " + cut)
                    .isEqualTo(TEXT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void worksWithAnyContentAndAnyRoom(Packing packing) throws Exception {
        Random random = new Random(1);
        for (int size : new int[] {0, 1, 2, 3, 100, 5_000, 70_000, 300_000}) {
            byte[] noise = new byte[size];
            random.nextBytes(noise);
            byte[] zeros = new byte[size];
            for (byte[] plain : List.of(noise, zeros)) {
                for (int room : new int[] {1, 8 * 1024, 1 << 20}) {
                    if (size / room < 10_000) {
                        assertThat(unpack(packing.coding(), room, packing.pack(plain)))
                                .isEqualTo(plain);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNotWholeBeforeItsLastByte(Packing packing) throws Exception {
        byte[] packed = packing.pack(TEXT);
        for (int end = 0; end < packed.length; end++) {
            try (Unpacker unpacker = unpacker(packing.coding())) {
                drain(unpacker, Arrays.copyOf(packed, end), 100, new ByteArrayOutputStream());
                assertThat(unpacker.whole()).as("after " + end).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesBytesBehindTheEnd(Packing packing) {
        byte[] packed = packing.pack(TEXT);
        byte[] longer = Arrays.copyOf(packed, packed.length + 1);
        assertThatThrownBy(() -> unpack(packing.coding(), 100, longer)).isInstanceOf(DataFormatException.class);
    }

    /** A changed byte is refused, or leaves the body unfinished, or stands where nothing depends on it; nothing else happens. */
    @ParameterizedTest
    @EnumSource
    void noChangedByteGivesAnotherTextAsAWhole(Packing packing) throws Exception {
        byte[] packed = packing.pack(TEXT);
        boolean checked = packing == Packing.GZIP || packing == Packing.ZLIB;
        int refused = 0;
        for (int i = 0; i < packed.length; i++) {
            byte[] changed = packed.clone();
            changed[i] ^= 0x55;
            try (Unpacker unpacker = unpacker(packing.coding())) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                drain(unpacker, changed, 100, out);
                if (checked && unpacker.whole()) {
                    assertThat(out.toByteArray()).isEqualTo(TEXT);
                }
            } catch (DataFormatException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void readsEveryPartOfAGzipHeaderAndSeveralMembers() throws Exception {
        byte[] plain = Packing.GZIP.pack(TEXT);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        // Extra field of two bytes, name, comment and header checksum, which is not looked at.
        all.write(new byte[] {0x1f, (byte) 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9});
        all.write("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
        all.write(new byte[] {1, 2});
        all.write(plain, 10, plain.length - 10);
        all.write(plain);

        assertThat(unpack("x-gzip", 100, all.toByteArray())).isEqualTo(both(TEXT, TEXT));
    }

    @Test
    void limitsTheMemoryThatAZstdFrameAsksFor() throws Exception {
        for (int log : new int[] {20, 23}) {
            byte[] frame = zstd(log);
            try (Unpacker unpacker = unpacker("zstd")) {
                drain(unpacker, frame, 1000, new ByteArrayOutputStream());
                assertThat(unpacker.whole()).isTrue();
                assertThat(unpacker.memory()).isBetween(1 << log, (1 << log) + (1 << 20));
            }
        }
        assertThatThrownBy(() -> unpack("zstd", 100, zstd(24)))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("window of 16777216 bytes");
    }

    private static byte[] zstd(int windowLog) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZstdOutputStream zstd = new ZstdOutputStream(out).setLong(windowLog)) {
            zstd.write(TEXT);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    gzip           | GZIP
                    X-GZip         | GZIP
                    deflate        | DEFLATE
                    ZSTD           | ZSTD
                    identity       | IDENTITY
                    ''             | IDENTITY
                    ', ,'          | IDENTITY
                    identity, gzip | GZIP
                    gzip, gzip     | UNKNOWN
                    gzip, br       | UNKNOWN
                    br             | UNKNOWN
                    gzipp          | UNKNOWN
                    """)
    void knowsCodingsByName(String value, ContentCoding coding) {
        assertThat(ContentCoding.of(List.of(value))).isEqualTo(coding);
        assertThat(ContentCoding.of(List.of(value, "identity", ""))).isEqualTo(coding);
    }

    private static Unpacker unpacker(String coding) {
        return ContentCoding.of(List.of(coding)).unpacker();
    }

    private static byte[] unpack(String coding, int room, byte[]... pieces) throws DataFormatException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Unpacker unpacker = unpacker(coding)) {
            for (byte[] piece : pieces) {
                drain(unpacker, piece, room, out);
            }
            assertThat(unpacker.whole()).isTrue();
        }
        return out.toByteArray();
    }

    private static void drain(Unpacker unpacker, byte[] piece, int room, ByteArrayOutputStream out)
            throws DataFormatException {
        ByteBuf in = piece.length % 2 == 0
                ? Unpooled.wrappedBuffer(piece)
                : Unpooled.directBuffer().writeBytes(piece);
        ByteBuf some = Unpooled.directBuffer(room, room);
        try {
            while (unpacker.unpack(in, some.clear()) > 0) {
                out.writeBytes(bytes(some));
            }
            assertThat(in.isReadable()).isFalse();
        } finally {
            in.release();
            some.release();
        }
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }

    private static byte[] rest(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    private static byte[] both(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
