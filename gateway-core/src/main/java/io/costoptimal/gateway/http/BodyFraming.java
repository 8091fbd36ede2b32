package io.costoptimal.gateway.http;

/** How the end of a response's body is found. Immutable. */
public sealed interface BodyFraming {

    /** How many bytes the body will have; -1 when that is not known before its end. */
    default long announced() {
        return -1;
    }

    /** The ways that need no number. */
    enum Plain implements BodyFraming {
        /** There is no body, whatever the head says. */
        NONE,
        /** The chunked coding says where it ends. */
        CHUNKED,
        /** It ends with the connection. */
        UNTIL_CLOSE
    }

    /**
     * The head said so.
     *
     * @param bytes at least 0
     */
    record Length(long bytes) implements BodyFraming {
        @Override
        public long announced() {
            return bytes;
        }
    }

    /**
     * The head contradicts itself or uses what nobody asked for; there is no safe way to read on.
     *
     * @param reason for logs
     */
    record Violation(String reason) implements BodyFraming {}

    /** What the Transfer-Encoding fields of a head add up to. */
    enum TransferCoding {
        ABSENT,
        /** One field whose whole value is {@code chunked}. */
        CHUNKED,
        /** Anything else: another coding, several of them, or several fields. */
        OTHER
    }

    /**
     * RFC 9112, 6.3, for responses; stricter where that section lets a recipient repair.
     *
     * @param method of the request
     * @param status of the response
     * @param http11 whether the response says HTTP/1.1
     * @param contentLength -1 when there is no such field
     */
    static BodyFraming ofResponse(
            String method, int status, boolean http11, long contentLength, TransferCoding coding) {
        if (coding != TransferCoding.ABSENT && contentLength >= 0) {
            return new Violation("content-length and transfer-encoding");
        }
        if (coding != TransferCoding.ABSENT && !http11) {
            return new Violation("transfer-encoding in HTTP/1.0");
        }
        if (coding == TransferCoding.OTHER) {
            return new Violation("transfer-encoding other than chunked");
        }
        if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return Plain.NONE;
        }
        if (coding == TransferCoding.CHUNKED) {
            return Plain.CHUNKED;
        }
        return contentLength >= 0 ? new Length(contentLength) : Plain.UNTIL_CLOSE;
    }
}
