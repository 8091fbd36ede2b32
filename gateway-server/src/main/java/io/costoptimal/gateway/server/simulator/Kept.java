package io.costoptimal.gateway.server.simulator;

import io.costoptimal.gateway.server.simulator.Script.Around;
import io.costoptimal.gateway.server.simulator.objects.Given;
import io.costoptimal.gateway.server.simulator.objects.KeptObjects;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/** Answers requests for what is kept, and keeps those answers of models that are to be kept. Any thread. */
final class Kept {

    private static final int MOST_BYTES = 1 << 20;
    private static final String ERROR = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"server_error\","
            + "\"code\":\"server_error\",\"message\":\"The simulated provider failed.\"}}\n\n";

    private final KeptObjects objects = new KeptObjects();

    /** Whether {@code uri} is a path for objects, by whatever method. */
    boolean knows(String uri) {
        String path = Api.behindRoot(path(uri));
        return path != null && objects.knows(path);
    }

    /** Answers {@code request}, which is borrowed. */
    Reply answer(FullHttpRequest request, Behaviour behaviour, Reply.Client client) {
        String path = path(request.uri());
        String query = request.uri().substring(Math.min(request.uri().length(), path.length() + 1));
        KeptObjects.Line line = new KeptObjects.Line(request.method().name(), Api.behindRoot(path), query);
        Given given = objects.answer(new KeptObjects.Request(
                line,
                new KeptObjects.Client(credential(request.headers()), client.anthropic()),
                request.headers().get(HttpHeaderNames.CONTENT_TYPE),
                ByteBufUtil.getBytes(request.content())));
        if (given instanceof Given.Events stream) {
            Script events = Script.events(new Around("", ""), new Around("", ""), ERROR);
            return new Reply(200, events, new Reply.Words(Text.of(stream.events()), null), behaviour, client);
        }
        Given.Body body = (Given.Body) given;
        return new Reply(200, new Script.Bytes(body.type(), body.bytes()), behaviour, client);
    }

    /** Gives the answer an id of its own if it is to be kept; refuses what refers to somebody else's. */
    Ask named(Api api, Ask ask, byte[] body, HttpHeaders headers) {
        if (api == Api.RESPONSES && ask.manner().refers()) {
            objects.check(credential(headers), body);
        }
        boolean kept = body.length <= MOST_BYTES
                && (api == Api.RESPONSES && !Boolean.FALSE.equals(ask.manner().store())
                        || api == Api.CHAT && Boolean.TRUE.equals(ask.manner().store()));
        return kept ? ask.called(KeptObjects.newId(api == Api.CHAT ? "chatcmpl-" : "resp_")) : ask;
    }

    /**
     * Keeps an answer.
     *
     * @param whole the answer, not streamed, with {@code text} in its middle
     * @return what goes out in its place, or {@code null} when it goes out itself
     */
    Script keep(Ask ask, Script whole, Text text, byte[] body, HttpHeaders headers) {
        ByteBuf out = Unpooled.buffer();
        whole.opening(out);
        text.writeAll(out);
        whole.closing(out);
        byte[] answer = ByteBufUtil.getBytes(out);
        if (ask.id().startsWith("chatcmpl-")) {
            objects.keepChat(credential(headers), answer, body);
            return null;
        }
        boolean running = ask.manner().background() && !ask.stream();
        byte[] shown = objects.keepResponse(credential(headers), running, answer, body);
        return running ? new Script.Bytes("application/json", shown) : null;
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private static String credential(HttpHeaders headers) {
        String bearer = headers.get(HttpHeaderNames.AUTHORIZATION);
        if (bearer != null) {
            return bearer.replaceFirst("(?i)^bearer +", "");
        }
        String key = headers.get("x-api-key");
        return key == null ? headers.get("api-key") : key;
    }
}
