package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.BodyCheck;
import io.costoptimal.gateway.exchange.Rejection;
import io.netty.buffer.ByteBuf;

/** Looks at a body that goes on while it arrives: at its length, and at its form if it is one. One for each exchange. */
final class UploadCheck implements BodyCheck {

    private final long maxBytes;
    /** {@code null} when nobody looks into the body. */
    private final FormScanner form;

    private long bytes;

    /** @param form {@code null} for a body that nobody looks into */
    UploadCheck(long maxBytes, FormScanner form) {
        this.maxBytes = maxBytes;
        this.form = form;
    }

    @Override
    public Rejection next(ByteBuf piece, boolean last) {
        bytes += piece.readableBytes();
        if (bytes > maxBytes) {
            return AnnouncedBody.tooLarge(maxBytes);
        }
        if (form == null || form.scan(piece) && (!last || form.end())) {
            return null;
        }
        return Rejection.badRequest("The form is refused: " + form.fault() + ".");
    }
}
