package io.costoptimal.gateway.accept;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;

/**
 * Where the decoder puts the trailers of a body: nowhere, unless the body is chunked and can have some. Confined to the
 * event loop of its decoder.
 */
final class TrailerFields implements HttpHeadersFactory {

    private boolean possible;

    /** @param chunked whether the body that comes now is */
    void expect(boolean chunked) {
        possible = chunked;
    }

    @Override
    public HttpHeaders newHeaders() {
        return possible ? DefaultHttpHeadersFactory.trailersFactory().newHeaders() : EmptyHttpHeaders.INSTANCE;
    }

    @Override
    public HttpHeaders newEmptyHeaders() {
        return possible ? DefaultHttpHeadersFactory.trailersFactory().newEmptyHeaders() : EmptyHttpHeaders.INSTANCE;
    }
}
