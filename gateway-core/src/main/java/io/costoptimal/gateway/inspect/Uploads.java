package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Operation.BodyPolicy;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.costoptimal.gateway.exchange.PassingBody;
import io.costoptimal.gateway.exchange.PassingBody.Framing;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import io.costoptimal.gateway.http.ContentCoding;
import io.costoptimal.gateway.stage.Run;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;

/**
 * What {@link InspectStage} does about bodies that are sent on while they arrive. Hands an exchange on at once, or, if its
 * body is a form, as soon as that has named its model or has ended. One for each stage, confined to its event loop.
 */
final class Uploads {

    private final Limits.Body limits;
    private final BodyBudget budget;

    /** The exchange whose form is being read, and its run; {@code null} when none is. */
    private Exchange exchange;

    private Run run;
    private FormScanner form;

    Uploads(Limits.Body limits, BodyBudget budget) {
        this.limits = limits;
        this.budget = budget;
    }

    /** Whether the body of an exchange is being read. */
    boolean reading() {
        return exchange != null;
    }

    /** Begins with {@code entered}, whose body is a form or whatever bytes it has. */
    void enter(Exchange entered, Run run) {
        BodyPolicy policy = entered.target().operation().body().policy();
        HttpRequest request = entered.request();
        String boundary = policy == BodyPolicy.MULTIPART ? FormType.boundary(request.headers()) : null;
        long most = limits.upload().bytes();
        long length = HttpUtil.getContentLength(request, -1L);
        Rejection refusal = policy == BodyPolicy.MULTIPART ? refuseForm(request, boundary) : null;
        if (refusal == null && length > most) {
            refusal = AnnouncedBody.tooLarge(most);
        }
        if (refusal != null) {
            run.refuse(refusal);
            return;
        }
        boolean names = boundary != null && entered.target().operation().model() == ModelPlace.FORM;
        form = names ? new FormScanner(boundary, limits.bytes()) : null;
        boolean asks = HttpUtil.is100ContinueExpected(request);
        PassingBody passing = new PassingBody(
                framing(request, length),
                length,
                limits.upload().windowBytes(),
                new UploadCheck(most, form),
                asks && form == null);
        passing.parts(boundary);
        entered.passes(passing);
        entered.hold(new HeldBody(budget, Math.max(0, length)));
        if (form == null) {
            entered.inspected(RequestFacts.UNSEEN, entered.body());
            run.next();
            return;
        }
        exchange = entered;
        this.run = run;
        if (asks) {
            run.client().askForBody();
        }
    }

    private static Framing framing(HttpRequest request, long length) {
        if (HttpUtil.isTransferEncodingChunked(request)) {
            return Framing.CHUNKED;
        }
        return length >= 0 ? Framing.LENGTH : Framing.NONE;
    }

    private static Rejection refuseForm(HttpRequest request, String boundary) {
        if (boundary == null) {
            return Rejection.of(
                    415, null, "Unsupported Content-Type: expected one `multipart/form-data` with a `boundary`.");
        }
        return AnnouncedBody.coding(request.headers()) == ContentCoding.IDENTITY
                ? null
                : Rejection.of(415, null, "Unsupported Content-Encoding: a form must come without.");
    }

    /** Takes {@code piece}, the next of the form that is being read. */
    void body(ByteBuf piece, boolean last) {
        Rejection refusal = take(piece, last);
        if (refusal != null) {
            exchange.releaseBody();
            run.refuse(refusal);
            return;
        }
        ModelField model = form.model();
        if (model == null && last) {
            model = form.missing();
        }
        if (model != null) {
            exchange.inspected(RequestFacts.ofPassing(model), exchange.body());
            Run next = run;
            letGo();
            next.next();
        }
    }

    private Rejection take(ByteBuf piece, boolean last) {
        int n = piece.readableBytes();
        HeldBody held = exchange.body();
        Rejection refusal = exchange.passing().next(piece, last);
        if (refusal != null || n == 0) {
            piece.release();
            return refusal;
        }
        return held.hold(piece, run.client().alloc()) ? null : InspectStage.noRoom();
    }

    /** The exchange is over, or its body goes on. */
    void letGo() {
        exchange = null;
        run = null;
        form = null;
    }
}
