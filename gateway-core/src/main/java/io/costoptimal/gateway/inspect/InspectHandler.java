package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.Continue;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.http.ContentCoding;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Reads the body of an exchange: holds it, scans it as it arrives, and passes the exchange on once the last byte was
 * understood. Confined to the event loop of its client connection; one per connection.
 *
 * <p>A body in a content coding is unpacked first ({@link PackedBody}); only the plain one is held, scanned and sent on.
 *
 * <p>Takes the {@link HttpContent} of an exchange and passes on none of it; from here on the exchange carries the body.
 * A body that is refused is refused at the first byte that proves it, and released at once: what the client still sends
 * is not this stage's any more.
 */
public final class InspectHandler extends ChannelInboundHandlerAdapter {

    private final int maxBytes;
    private final BodyBudget budget;
    private final JsonScanner scanner;

    /** The exchange whose body is being read; {@code null} between bodies. */
    private Exchange exchange;
    /** Unpacks that exchange's body; {@code null} when the body is not packed, and once it is over. */
    private PackedBody packed;

    /** @param budget shared by all connections of the process */
    public InspectHandler(Limits.Body limits, BodyBudget budget) {
        this.maxBytes = limits.bytes();
        this.budget = budget;
        this.scanner = new JsonScanner(limits.jsonDepth());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof Exchange begun) {
            begin(ctx, begun);
        } else if (msg instanceof HttpContent content) {
            read(ctx, content);
        } else {
            ctx.fireChannelRead(msg);
        }
    }

    private void begin(ChannelHandlerContext ctx, Exchange begun) {
        ContentCoding coding = AnnouncedBody.coding(begun.request().headers());
        Rejection refusal = AnnouncedBody.refuse(begun.request(), coding, maxBytes);
        if (refusal != null) {
            ctx.writeAndFlush(refusal);
            return;
        }
        exchange = begun;
        scanner.reset();
        if (coding != ContentCoding.IDENTITY) {
            packed = new PackedBody(coding, maxBytes, budget);
            // Whoever ends the exchange while its body comes: too late, malformed, or without memory for it.
            begun.onGivenUp(this::closePacked);
        }
        begun.hold(new HeldBody(budget, HttpUtil.getContentLength(begun.request(), 0L)));
        if (HttpUtil.is100ContinueExpected(begun.request())) {
            ctx.writeAndFlush(Continue.INSTANCE);
        }
    }

    private void read(ChannelHandlerContext ctx, HttpContent content) {
        if (exchange == null || exchange.ended()) {
            exchange = null;
            content.release();
            return;
        }
        boolean last = content instanceof LastHttpContent;
        Rejection refusal = packed == null
                ? hold(ctx, content.content())
                : packed.unpack(content.content(), ctx.alloc(), piece -> hold(ctx, piece));
        if (refusal == null && last) {
            refusal = finish();
        }
        if (refusal == null && !last) {
            return;
        }
        closePacked();
        Exchange done = exchange;
        exchange = null;
        if (refusal == null) {
            ctx.fireChannelRead(done);
        } else {
            done.releaseBody();
            ctx.writeAndFlush(refusal);
        }
    }

    /** Takes {@code bytes}, on every path. */
    private Rejection hold(ChannelHandlerContext ctx, ByteBuf bytes) {
        int n = bytes.readableBytes();
        Rejection refusal = check(bytes, n);
        if (refusal != null || n == 0) {
            bytes.release();
            return refusal;
        }
        return exchange.body().hold(bytes, ctx.alloc()) ? null : noRoom();
    }

    /** Borrows {@code bytes}; returns why they are refused, {@code null} when they are not. */
    private Rejection check(ByteBuf bytes, int n) {
        if (n > maxBytes - exchange.body().length()) {
            return AnnouncedBody.tooLarge(maxBytes);
        }
        return scanner.scan(bytes) ? null : refusal(scanner.fault());
    }

    private static Rejection noRoom() {
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
        if (!scanner.end()) {
            return refusal(scanner.fault());
        }
        RequestFacts facts = scanner.facts();
        Target target = exchange.target();
        if (facts.model().name() == null
                && target.pathModel() == null
                && target.operation().model() != ModelPlace.OPTIONAL) {
            return Rejection.missingModel();
        }
        exchange.inspected(facts, exchange.body());
        return null;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        abandon();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        abandon();
    }

    private void abandon() {
        closePacked();
        if (exchange != null) {
            exchange.releaseBody();
            exchange = null;
        }
    }

    private void closePacked() {
        if (packed != null) {
            packed.close();
            packed = null;
            exchange.onGivenUp(null);
        }
    }
}
