package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Operation.BodyPolicy;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.http.ContentCoding;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Stage;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;

/**
 * Reads the body of an exchange: holds it, scans it as it arrives, and hands the exchange on once the last byte was
 * understood; from then on the exchange carries the body. One for each runner, confined to its event loop.
 *
 * <p>A body in a content coding is unpacked first ({@link PackedBody}); only the plain one is held, scanned and sent on. A
 * body that is refused is refused at the first byte that proves it. Where an operation needs no body, a short one is held and
 * sent on, and nobody looks into it. Bodies that are not held whole are for {@link Uploads}.
 */
public final class InspectStage implements Stage {

    /** Of a body that the operation has no need of. */
    private static final int MAX_UNNEEDED = 64 * 1024;

    private final int maxBytes;
    private final BodyBudget budget;
    private final JsonScanner scanner;
    private final Uploads uploads;
    /** Whether somebody wants to know what objects a body refers to. */
    private final boolean objects;

    /** The exchange whose body is being read, and its run; {@code null} between bodies. */
    private Exchange exchange;

    private Run run;
    /** Whether that body must be JSON; if not, nobody looks into it. */
    private boolean json;
    /** The most bytes that it may have. */
    private int limit;
    /** Unpacks that exchange's body; {@code null} when the body is not packed, and once it is over. */
    private PackedBody packed;

    /** A stage of a gateway to which it is all the same what objects a body refers to. */
    public InspectStage(Limits.Body limits, BodyBudget budget) {
        this(limits, budget, false);
    }

    /**
     * A stage for one runner.
     *
     * @param budget shared by all clients of the process
     * @param objects whether somebody wants to know what objects a body refers to
     */
    public InspectStage(Limits.Body limits, BodyBudget budget, boolean objects) {
        this.objects = objects;
        this.maxBytes = limits.bytes();
        this.budget = budget;
        this.scanner = new JsonScanner(limits.jsonDepth());
        this.uploads = new Uploads(limits, budget, objects);
    }

    @Override
    public void enter(Exchange entered, Run run) {
        BodyPolicy policy = entered.target().operation().body().policy();
        boolean document = policy == BodyPolicy.MULTIPART
                && AnnouncedBody.saysJson(entered.request().headers());
        if (policy == BodyPolicy.STREAMED || policy == BodyPolicy.MULTIPART && !document) {
            uploads.enter(entered, run);
            return;
        }
        HttpRequest request = entered.request();
        ContentCoding coding = AnnouncedBody.coding(request.headers());
        json = policy != BodyPolicy.NONE;
        limit = json ? maxBytes : Math.min(maxBytes, MAX_UNNEEDED);
        Rejection refusal = AnnouncedBody.refuse(request, coding, json, limit);
        if (refusal != null) {
            run.refuse(refusal);
            return;
        }
        this.run = run;
        exchange = entered;
        scanner.reset(objects || entered.policy().routes().needContent());
        packed = coding == ContentCoding.IDENTITY ? null : new PackedBody(coding, limit, budget);
        entered.hold(new HeldBody(budget, HttpUtil.getContentLength(request, 0L)));
        if (HttpUtil.is100ContinueExpected(request)) {
            run.client().askForBody();
        }
    }

    @Override
    public void body(ByteBuf piece, boolean last) {
        if (uploads.reading()) {
            uploads.body(piece, last);
            return;
        }
        Rejection refusal =
                packed == null ? hold(piece) : packed.unpack(piece, run.client().alloc(), this::hold);
        if (refusal == null && last) {
            refusal = finish();
        }
        if (refusal != null) {
            exchange.releaseBody();
            run.refuse(refusal);
        } else if (last) {
            letGo();
            run.next();
        }
    }

    /** Takes {@code bytes}, on every path. */
    private Rejection hold(ByteBuf bytes) {
        int n = bytes.readableBytes();
        Rejection refusal = check(bytes, n);
        if (refusal != null || n == 0) {
            bytes.release();
            return refusal;
        }
        return exchange.body().hold(bytes, run.client().alloc()) ? null : noRoom();
    }

    /** Borrows {@code bytes}; returns why they are refused, {@code null} when they are not. */
    private Rejection check(ByteBuf bytes, int n) {
        if (n > limit - exchange.body().length()) {
            return AnnouncedBody.tooLarge(limit);
        }
        return !json || scanner.scan(bytes) ? null : refusal(scanner.fault());
    }

    static Rejection noRoom() {
        return Rejection.overloaded("The gateway holds too many request bodies; try again.");
    }

    private static Rejection refusal(JsonFault fault) {
        Rejection plain = Rejection.badRequest(fault.message());
        return new Rejection(plain.status(), plain.code(), fault.member(), plain.message(), plain.headers());
    }

    private Rejection finish() {
        Rejection cut = packed == null ? null : packed.end();
        if (cut != null) {
            return cut;
        }
        if (!json) {
            exchange.inspected(RequestFacts.UNSEEN, exchange.body());
            return null;
        }
        if (!scanner.end()) {
            return refusal(scanner.fault());
        }
        RequestFacts facts = scanner.facts();
        Target target = exchange.target();
        if (facts.model().name() == null
                && target.pathModel() == null
                && !target.operation().model().mayBeMissing()) {
            return Rejection.missingModel();
        }
        exchange.inspected(facts, exchange.body());
        return null;
    }

    @Override
    public void over(Outcome outcome) {
        uploads.letGo();
        letGo();
    }

    private void letGo() {
        exchange = null;
        if (packed != null) {
            packed.close();
            packed = null;
        }
    }
}
