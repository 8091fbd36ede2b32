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

    /** The verdict is that on the first byte that proves it, wherever the body is cut. */
    @Override
    public Rejection next(ByteBuf piece, boolean last) {
        int n = piece.readableBytes();
        bytes += n;
        boolean tooLong = bytes > maxBytes;
        if (form != null) {
            int within = tooLong ? (int) (n - (bytes - maxBytes)) : n;
            if (!form.scan(piece.slice(piece.readerIndex(), within)) || last && !tooLong && !form.end()) {
                return refusal();
            }
        }
        return tooLong ? AnnouncedBody.tooLarge(maxBytes) : null;
    }

    private Rejection refusal() {
        if (!form.late()) {
            String message = "The form is refused: " + form.fault() + ".";
            return form.blamesModel() ? Rejection.badModel(message) : Rejection.badRequest(message);
        }
        String come = form.wanted().within() + " bytes of the form have come without ";
        return form.model() == null && form.wanted().model()
                ? Rejection.badModel("Send model before file: " + come + "a part `model`.")
                : Rejection.badRequest(come + "a file.");
    }
}
