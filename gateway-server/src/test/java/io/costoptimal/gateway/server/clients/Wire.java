package io.costoptimal.gateway.server.clients;

/** How a client's bytes reach the gateway. */
public enum Wire {
    /** HTTP/1.1 without TLS. */
    PLAIN(false, false),

    /** HTTP/1.1 within TLS. */
    TLS(true, false),

    /** HTTP/2 within TLS, agreed on by ALPN. */
    TLS_HTTP2(true, true),

    /** HTTP/2 without TLS, known beforehand (RFC 9113 section 3.3). */
    PLAIN_HTTP2(false, true);

    private final boolean tls;
    private final boolean http2;

    Wire(boolean tls, boolean http2) {
        this.tls = tls;
        this.http2 = http2;
    }

    public boolean tls() {
        return tls;
    }

    public boolean http2() {
        return http2;
    }
}
