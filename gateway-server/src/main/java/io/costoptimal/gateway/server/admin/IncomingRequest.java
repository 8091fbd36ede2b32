package io.costoptimal.gateway.server.admin;

import io.costoptimal.gateway.server.admin.Request.Head;
import io.costoptimal.gateway.server.admin.Request.Peer;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;

/**
 * A request while it arrives: judged by its head, before anything of its body is kept. Confined to the listener's event loop.
 *
 * <p>What is not let in is read to its end all the same, within bounds, so that the client reads why.
 */
final class IncomingRequest {

    /** Of a body that somebody sends whom we do not know. */
    private static final int SMALL_BODY = 16 * 1024;

    /** Of a body that an administrator sends: a request to explain, with long conversations in it. */
    private static final int LARGE_BODY = 16 * 1024 * 1024;

    private final boolean keepAlive;
    private final boolean takesChunks;
    private final boolean expectsContinue;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private Head head;
    private Site.Found found;
    private String key;
    private Answer refusal;
    private int received;

    IncomingRequest(HttpRequest request, Peer peer, Site site, Gate gate) {
        takesChunks = !request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        // Without chunks, only the end of the connection ends a stream.
        keepAlive = takesChunks && HttpUtil.isKeepAlive(request);
        expectsContinue = HttpUtil.is100ContinueExpected(request);
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        head = new Head(request.method().name(), uri.rawPath(), Map.of(), request.headers(), peer);
        try {
            admit(site, gate);
            head = new Head(head.method(), head.path(), parameters(uri), head.headers(), peer);
        } catch (Refused e) {
            refusal = e.status() == 405 ? e.answer().with("allow", site.allowed(head.path())) : e.answer();
        }
    }

    private void admit(Site site, Gate gate) throws Refused {
        try {
            found = site.find(head.method(), head.path());
        } catch (Refused e) {
            gate.checkHost(head);
            throw e;
        }
        if (found.route().access() != Route.Access.HEALTH) {
            gate.checkHost(head);
        }
        if (found.route().method().equals("POST")) {
            gate.checkPost(head);
        }
        key = gate.letIn(found.route().access(), head);
    }

    private static Map<String, List<String>> parameters(QueryStringDecoder uri) throws Refused {
        try {
            return uri.parameters();
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "invalid_query", "The query is not percent-encoded: " + uri.rawQuery());
        }
    }

    /** Why it is not answered otherwise; {@code null} when it is let in. */
    Answer refusal() {
        return refusal;
    }

    /** Whether the connection stays open after the answer. */
    boolean keepAlive() {
        return keepAlive;
    }

    /** Whether it has a key or a session that it needs; where none is needed, none is looked for. */
    boolean keyed() {
        return key != null;
    }

    /** Whether the client understands chunks (not before HTTP/1.1). */
    boolean takesChunks() {
        return takesChunks;
    }

    /** Whether the client sends the body only after a {@code 100 Continue}. */
    boolean expectsContinue() {
        return expectsContinue;
    }

    /** Whether the answer has no body, whatever it is. */
    boolean wantsHeadOnly() {
        return head.method().equals("HEAD");
    }

    /**
     * Takes a part of the body.
     *
     * @param content borrowed
     * @return whether the body is not longer than its sender may send
     */
    boolean take(HttpContent content) {
        int length = content.content().readableBytes();
        received += length;
        if (received > (key == null ? SMALL_BODY : LARGE_BODY)) {
            return false;
        }
        if (refusal == null) {
            byte[] bytes = new byte[length];
            content.content().readBytes(bytes);
            body.writeBytes(bytes);
        }
        return true;
    }

    /** Where it goes; it was let in. */
    Route route() {
        return found.route();
    }

    /** The request, whose body has come whole. */
    Request request() {
        return new Request(head, found.variables(), key, body.toByteArray());
    }
}
