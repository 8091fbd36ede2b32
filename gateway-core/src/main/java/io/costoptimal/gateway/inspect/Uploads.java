package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.BodyPolicy;
import io.costoptimal.gateway.exchange.PassingBody;
import io.costoptimal.gateway.exchange.PassingBody.Framing;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import io.costoptimal.gateway.http.ContentCoding;
import io.costoptimal.gateway.inspect.FormScanner.Wanted;
import io.costoptimal.gateway.stage.Run;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;

/**
 * What {@link InspectStage} does about bodies that are sent on while they arrive. Hands an exchange on at once, or, if its
 * body is a form, as soon as that has named its model (and, where somebody wants to know what it refers to, begins a file) or has ended. One for each stage, confined to its event loop.
 */
final class Uploads {

    private final Limits.Body limits;
    private final BodyBudget budget;
    /** Whether somebody wants to know what objects a form refers to. */
    private final boolean objects;

    /** The exchange whose form is being read, and its run; {@code null} when none is. */
    private Exchange exchange;

    private Run run;
    private FormScanner form;

    Uploads(Limits.Body limits, BodyBudget budget, boolean objects) {
        this.objects = objects;
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
        form = boundary == null ? null : form(entered.target().operation(), boundary);
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

    /** What reads a form of {@code operation}; {@code null} when nobody wants to know anything of it. */
    private FormScanner form(Operation operation, String boundary) {
        boolean names = operation.model().inForm();
        return names || objects ? new FormScanner(boundary, new Wanted(names, objects, limits.bytes())) : null;
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
        if (refusal == null && last && lacksModel()) {
            refusal = Rejection.missingModel();
        }
        if (refusal != null) {
            exchange.releaseBody();
            run.refuse(refusal);
            return;
        }
        if (form.ready() || last) {
            exchange.passing().refersTo(form.ids());
            exchange.inspected(facts(), exchange.body());
            Run next = run;
            letGo();
            next.next();
        }
    }

    /** Whether the form, which has ended, had to name a model and did not. */
    private boolean lacksModel() {
        return form.model() == null
                && exchange.target().pathModel() == null
                && !exchange.target().operation().model().mayBeMissing();
    }

    private RequestFacts facts() {
        if (!form.wanted().model()) {
            return RequestFacts.UNSEEN;
        }
        ModelField model = form.model();
        return RequestFacts.ofPassing(model == null ? form.missing() : model);
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
