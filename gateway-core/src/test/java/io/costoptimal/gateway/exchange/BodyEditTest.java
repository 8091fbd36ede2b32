package io.costoptimal.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A held body with edits, both ways it is written: copied behind a head, and as buffers of its own. */
class BodyEditTest {

    /** Edits are written {@code start-end:bytes}, one after another. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    abcdef | ''                     | abcdef
                    abcdef | 0-0:XY                 | XYabcdef
                    abcdef | 6-6:XY                 | abcdefXY
                    abcdef | 3-3:X                  | abcXdef
                    abcdef | 0-6:X                  | X
                    abcdef | 1-3:X                  | aXdef
                    abcdef | 1-3:                   | adef
                    abcdef | 0-6:                   | ''
                    abcdef | 2-2:                   | abcdef
                    abcdef | 1-3:X 3-5:Y            | aXYf
                    abcdef | 1-3:X 3-3:Y 3-5:Z      | aXYZf
                    abcdef | 2-2:X 2-2:Y            | abXYcdef
                    abcdef | 0-0:X 0-1:Y 5-6:Z 6-6:W | XYbcdeZW
                    ''     | ''                     | ''
                    ''     | 0-0:XY                 | XY
                    ''     | 0-0:X 0-0:Y            | XY
                    """)
    void writesTheBodyWithItsEditsWhereverItsPiecesMeet(String text, String edits, String expected) {
        byte[] body = ascii(text);
        for (int first = 0; first <= body.length; first++) {
            for (int second = first; second <= body.length; second++) {
                assertThat(written(body, new int[] {first, second}, parsed(edits)))
                        .isEqualTo(ascii(expected));
            }
        }
    }

    @Test
    void writesWhatTheSameEditsMakeOfTheWholeArray() {
        for (long seed = 0; seed < 3000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] body = bytes(random, random.nextInt(64));
            int[] cuts =
                    random.ints(random.nextInt(8), 0, body.length + 1).sorted().toArray();
            List<BodyEdit> edits = edits(random, body.length);

            assertThat(written(body, cuts, edits)).as("seed " + seed).isEqualTo(applied(body, edits));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    1-3:X 2-4:Y | overlap
                    3-4:X 1-2:Y | disorder
                    1-3:X 2-2:Y | an insertion into what is left out
                    4-3:X       | an end before the start
                    5-7:X       | an end beyond the body
                    7-7:X       | an insertion beyond the body
                    -1-2:X      | a start before the body
                    0-1:A 2-9:X | a fault behind a good edit
                    """)
    void refusesEditsThatAreNoneBeforeAnythingIsWritten(String edits, String fault) {
        HeldBody body = held(ascii("abcdef"), new int[] {2});
        ByteBuf out = Unpooled.buffer();
        List<BodyEdit> faulty = parsed(edits);

        assertThatThrownBy(() -> body.copyTo(out, faulty)).as(fault).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> body.copyForWrite(faulty)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> body.lengthWith(faulty)).isInstanceOf(IllegalArgumentException.class);

        assertThat(out.readableBytes()).isZero();
        body.release();
    }

    @Test
    void saysWhichEditIsNoneAndWhereOneCouldBe() {
        HeldBody body = held(ascii("abcdef"), new int[0]);

        assertThatThrownBy(() -> body.lengthWith(parsed("1-3:X 2-4:Y")))
                .hasMessage("edit 1 from 2 to 4 (expected: in order, from 3 to at most 6)");
        body.release();
    }

    /** Writes {@code body} in both ways and by length, which must agree. */
    private static byte[] written(byte[] body, int[] cuts, List<BodyEdit> edits) {
        HeldBody held = held(body, cuts);
        ByteBuf copied = Unpooled.buffer();
        held.copyTo(copied, edits);
        byte[] copy = ByteBufUtil.getBytes(copied);
        ByteBuf joined = Unpooled.wrappedBuffer(held.copyForWrite(edits).toArray(new ByteBuf[0]));
        assertThat(ByteBufUtil.getBytes(joined)).isEqualTo(copy);
        joined.release();
        assertThat(held.lengthWith(edits)).isEqualTo(copy.length);
        ByteBuf unchanged = Unpooled.buffer();
        held.copyTo(unchanged, List.of());
        assertThat(ByteBufUtil.getBytes(unchanged)).isEqualTo(body);
        held.release();
        return copy;
    }

    private static HeldBody held(byte[] body, int[] cuts) {
        HeldBody held = new HeldBody();
        int at = 0;
        for (int cut : cuts) {
            held.add(Unpooled.directBuffer().writeBytes(body, at, cut - at));
            at = cut;
        }
        held.add(Unpooled.directBuffer().writeZero(3).skipBytes(3).writeBytes(body, at, body.length - at));
        return held;
    }

    private static List<BodyEdit> edits(SplittableRandom random, int length) {
        int[] offsets =
                random.ints(2L * random.nextInt(5), 0, length + 1).sorted().toArray();
        List<BodyEdit> edits = new ArrayList<>();
        for (int i = 0; i < offsets.length; i += 2) {
            int end = random.nextInt(3) == 0 ? offsets[i] : offsets[i + 1];
            edits.add(new BodyEdit(offsets[i], end, bytes(random, random.nextInt(9))));
        }
        return edits;
    }

    private static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt();
        }
        return bytes;
    }

    /** The edits on the whole array, from the last to the first, so that no offset moves. */
    private static byte[] applied(byte[] body, List<BodyEdit> edits) {
        byte[] all = body;
        for (int i = edits.size() - 1; i >= 0; i--) {
            BodyEdit edit = edits.get(i);
            ByteBuf changed = Unpooled.buffer()
                    .writeBytes(all, 0, edit.start())
                    .writeBytes(edit.bytes())
                    .writeBytes(all, edit.end(), all.length - edit.end());
            all = ByteBufUtil.getBytes(changed);
        }
        return all;
    }

    private static List<BodyEdit> parsed(String edits) {
        return Arrays.stream(edits.split(" "))
                .filter(edit -> !edit.isEmpty())
                .map(edit -> {
                    int colon = edit.indexOf(':');
                    int dash = edit.lastIndexOf('-', colon);
                    return new BodyEdit(
                            Integer.parseInt(edit.substring(0, dash)),
                            Integer.parseInt(edit.substring(dash + 1, colon)),
                            ascii(edit.substring(colon + 1)));
                })
                .toList();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
