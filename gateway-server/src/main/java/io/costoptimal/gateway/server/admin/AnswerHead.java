package io.costoptimal.gateway.server.admin;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Date;

/** The header fields of every answer. Stateless. */
final class AnswerHead {

    private AnswerHead() {}

    /**
     * The fields of {@code answer}, without what frames its body. What it says itself goes over what is said here: nothing is
     * kept by caches, taken for another type, framed, or told to other sites; and what is no page runs nothing.
     */
    static HttpHeaders of(Answer answer) {
        HttpHeaders fields = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        fields.set(HttpHeaderNames.DATE, DateFormatter.format(new Date()));
        fields.set("cache-control", "no-store");
        fields.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
        fields.set("x-content-type-options", "nosniff");
        fields.set("x-frame-options", "DENY");
        fields.set("referrer-policy", "no-referrer");
        fields.set("cross-origin-resource-policy", "same-origin");
        fields.set("cross-origin-opener-policy", "same-origin");
        if (answer.contentType() != null) {
            fields.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        }
        answer.fields().forEach(fields::set);
        return fields;
    }
}
