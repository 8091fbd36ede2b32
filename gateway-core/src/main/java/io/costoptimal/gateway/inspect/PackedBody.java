package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.ContentCoding;
import io.costoptimal.gateway.http.Unpacker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Locale;
import java.util.function.Function;
import java.util.zip.DataFormatException;

/**
 * A request body that comes in a content coding: unpacked piece by piece as it arrives, so that everybody behind sees what
 * the provider will see. Owned by the event loop of its connection; {@link #close} is called once.
 *
 * <p>The unpacker is made when the body's first bytes come, and what it holds counts against the budget of held bodies: a
 * client that sends heads and then waits makes the gateway hold nothing. A body of more than {@link #FREE_BYTES} that unpacks
 * to more than {@link #MAX_RATIO} times its size is refused like one that is too long: no JSON does that, and unpacking it
 * would keep the event loop from everybody else.
 */
final class PackedBody implements AutoCloseable {

    private static final int PIECE_BYTES = 8 * 1024;
    private static final int SMALL_BYTES = 64 * 1024;
    private static final int FREE_BYTES = 1024 * 1024;
    private static final int MAX_RATIO = 200;

    private final ContentCoding coding;
    private final int maxBytes;
    private final BodyBudget budget;

    /** {@code null} until the first bytes come, and after {@link #close}. */
    private Unpacker unpacker;
    /** Whether the unpacker counts among the large bodies. */
    private boolean large;
    /** Bytes taken from the budget for what the unpacker holds. */
    private int taken;

    private long packed;
    private long unpacked;

    /** @param maxBytes of the body, packed and unpacked */
    PackedBody(ContentCoding coding, int maxBytes, BodyBudget budget) {
        this.coding = coding;
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    /**
     * Unpacks on.
     *
     * @param bytes takes, on every path
     * @param next takes each piece, and returns why it is refused or {@code null}
     * @return why the body is refused; {@code null} when it is not
     */
    Rejection unpack(ByteBuf bytes, ByteBufAllocator alloc, Function<ByteBuf, Rejection> next) {
        try {
            packed += bytes.readableBytes();
            if (packed > maxBytes) {
                return AnnouncedBody.tooLarge(maxBytes);
            }
            if (packed == 0) {
                return null;
            }
            Rejection refusal = begin();
            int n = 1;
            while (refusal == null && n > 0) {
                ByteBuf piece = alloc.directBuffer(PIECE_BYTES, PIECE_BYTES);
                n = fill(bytes, piece);
                refusal = n > 0 ? next.apply(piece) : null;
                refusal = refusal == null ? judge(n) : refusal;
            }
            return refusal;
        } catch (DataFormatException e) {
            return malformed(e.getMessage());
        } finally {
            bytes.release();
        }
    }

    private Rejection begin() {
        if (unpacker == null) {
            unpacker = coding.unpacker();
            large = unpacker.memory() > SMALL_BYTES;
        }
        return pay();
    }

    /** Returns how many bytes {@code piece} got, which is released if there were none. */
    private int fill(ByteBuf bytes, ByteBuf piece) throws DataFormatException {
        int n = 0;
        try {
            n = unpacker.unpack(bytes, piece);
        } finally {
            if (n == 0) {
                piece.release();
            }
        }
        return n;
    }

    private Rejection judge(int n) {
        unpacked += n;
        return unpacked > FREE_BYTES && unpacked / MAX_RATIO > packed ? AnnouncedBody.tooLarge(maxBytes) : pay();
    }

    /** The unpacker's memory depends on the first bytes of the body. */
    private Rejection pay() {
        int more = unpacker.memory() - taken;
        if (more <= 0) {
            return null;
        }
        if (!budget.take(more, large)) {
            return Rejection.overloaded("The gateway holds too many request bodies; try again.");
        }
        taken += more;
        return null;
    }

    /** Why a body that ends here is refused; {@code null} when it is whole. */
    Rejection end() {
        return unpacker != null && unpacker.whole() ? null : malformed("it ends too early");
    }

    private Rejection malformed(String why) {
        return Rejection.badRequest("The request body is not valid "
                + coding.name().toLowerCase(Locale.ROOT) + ", which its Content-Encoding says it is: " + why + ".");
    }

    @Override
    public void close() {
        if (unpacker != null) {
            unpacker.close();
            unpacker = null;
            budget.giveBack(taken, large);
            taken = 0;
        }
    }
}
