package io.costoptimal.gateway.bench;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/** A request head as OpenAI's Python client sends it. */
public final class ClientHead {

    /** The key it presents. */
    public static final String KEY = "sk-gateway-0123456789abcdef0123456789abcdef";

    private static final String[] FIELDS = {
        "Host", "gateway.test",
        "Accept-Encoding", "gzip, deflate",
        "Connection", "keep-alive",
        "Accept", "application/json",
        "Content-Type", "application/json",
        "User-Agent", "OpenAI/Python 1.78.0",
        "X-Stainless-Lang", "python",
        "X-Stainless-Package-Version", "1.78.0",
        "X-Stainless-OS", "Linux",
        "X-Stainless-Arch", "x64",
        "X-Stainless-Runtime", "CPython",
        "X-Stainless-Runtime-Version", "3.12.3",
        "Authorization", "Bearer " + KEY,
        "X-Stainless-Async", "false",
        "x-stainless-retry-count", "0",
        "x-stainless-read-timeout", "600",
    };

    private ClientHead() {}

    /** The head as bytes, for a body of {@code length} bytes; ends with the empty line. */
    public static String bytes(int length) {
        StringBuilder out = new StringBuilder("POST /v1/chat/completions HTTP/1.1\r\n");
        for (int i = 0; i < FIELDS.length; i += 2) {
            out.append(FIELDS[i]).append(": ").append(FIELDS[i + 1]).append("\r\n");
        }
        return out.append("Content-Length: ").append(length).append("\r\n\r\n").toString();
    }

    /** The head as decoded. */
    public static HttpRequest decoded(int length) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/v1/chat/completions");
        for (int i = 0; i < FIELDS.length; i += 2) {
            request.headers().add(FIELDS[i], FIELDS[i + 1]);
        }
        request.headers().add("Content-Length", Integer.toString(length));
        return request;
    }
}
