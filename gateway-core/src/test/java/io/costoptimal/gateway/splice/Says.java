package io.costoptimal.gateway.splice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * What a provider says, in words; how it is spelled on the wire is known here alone. Immutable: each word gives a longer
 * saying. A head ends with the word that says how its body ends.
 */
record Says(String bytes) {

    /** Nothing so far: what follows goes on where the provider stopped. */
    static final Says MORE = new Says("");

    /** The first bytes of a head, and no more. */
    static final Says HALF_A_HEAD = new Says("HTTP/1.1 2");

    static final Says NOT_HTTP = new Says("SSH-2.0-x\r\n");

    static Says head(int status) {
        return new Says("HTTP/1.1 " + status + " S\r\n");
    }

    private Says and(String more) {
        return new Says(bytes + more);
    }

    /** A whole interim answer, and then the one it is for. */
    static Says interim(int status) {
        return head(status).and("x: y\r\n\r\n");
    }

    /** Something else behind this. */
    Says then(Says other) {
        return and(other.bytes);
    }

    /** As many times as this. */
    Says times(int n) {
        return new Says(bytes.repeat(n));
    }

    // Of a head.

    Says field(String name, String value) {
        return and(name + ": " + value + "\r\n");
    }

    Says events() {
        return field("content-type", "text/event-stream");
    }

    /** The provider does not keep its connection. */
    Says closing() {
        return field("connection", "close");
    }

    /** The provider speaks the old version, which closes unless it says otherwise. */
    Says old() {
        return new Says(bytes.replaceFirst("HTTP/1.1", "HTTP/1.0"));
    }

    Says length(long n) {
        return and("content-length: " + n + "\r\n\r\n");
    }

    Says chunked() {
        return codings("chunked");
    }

    Says codings(String names) {
        return and("transfer-encoding: " + names + "\r\n\r\n");
    }

    /** A head that contradicts itself. */
    Says lengthAndChunked(long n) {
        return and("content-length: " + n + "\r\n").chunked();
    }

    /** A head that says nothing of its body: it ends with the connection, unless there is none. */
    Says untilClose() {
        return and("\r\n");
    }

    // Of a body.

    /** Bytes as they are. */
    Says text(String text) {
        return and(text);
    }

    Says chunk(String text) {
        return chunk(text.length(), text);
    }

    /** A chunk that is not as long as it says. */
    Says chunk(int size, String text) {
        return and(Integer.toHexString(size) + "\r\n" + text + "\r\n");
    }

    /** The beginning of a chunk of {@code size}. */
    Says part(int size, String text) {
        return and(Integer.toHexString(size) + "\r\n" + text);
    }

    Says extendedChunk(String text) {
        return and(Integer.toHexString(text.length()) + ";x=y\r\n" + text + "\r\n");
    }

    Says badChunk() {
        return and("zz\r\n");
    }

    /** The last chunk. */
    Says end() {
        return and("0\r\n\r\n");
    }

    Says trailersAndEnd() {
        return and("0\r\nx: y\r\n\r\n");
    }

    /** All but the last {@code n} bytes. */
    Says without(int n) {
        return new Says(bytes.substring(0, bytes.length() - n));
    }

    /** What is said first if it is cut before byte {@code at}. */
    Says upTo(int at) {
        return new Says(bytes.substring(0, at));
    }

    Says from(int at) {
        return new Says(bytes.substring(at));
    }

    /** A whole answer of a known length. */
    static Says whole(int status, String body) {
        return head(status).length(body.length()).text(body);
    }

    byte[] wire() {
        return bytes.getBytes(ISO_8859_1);
    }
}
