package io.costoptimal.gateway.server.clients;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * What Go's {@code net/http} writes, byte for byte: its fields in their order, a body of unknown length in chunks, and by HTTP/2 its
 * own settings, a window for the connection of a gigabyte, and pings of nobody.
 */
final class GoStyle implements Client {

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int FRAME = 16 * 1024;

    @Override
    public String missing() {
        return null;
    }

    @Override
    public Set<Wire> wires() {
        return EnumSet.allOf(Wire.class);
    }

    @Override
    public Answer post(Endpoint endpoint, String path, String json) throws Exception {
        try (Socket socket = connect(endpoint)) {
            socket.setSoTimeout(50_000);
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            return endpoint.wire().http2() ? http2(socket, endpoint, path, body) : http1(socket, endpoint, path, body);
        }
    }

    private static Socket connect(Endpoint endpoint) throws IOException {
        if (!endpoint.wire().tls()) {
            return new Socket("localhost", endpoint.port());
        }
        Socket plain = new Socket("localhost", endpoint.port());
        SSLSocket socket = (SSLSocket)
                endpoint.trust().context().getSocketFactory().createSocket(plain, "localhost", endpoint.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(
                endpoint.wire().http2() ? new String[] {"h2", "http/1.1"} : new String[] {"http/1.1"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        if (endpoint.wire().http2() && !"h2".equals(socket.getApplicationProtocol())) {
            throw new IOException("agreed on " + socket.getApplicationProtocol());
        }
        return socket;
    }

    private static Answer http1(Socket socket, Endpoint endpoint, String path, byte[] body) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("POST " + path + " HTTP/1.1\r\nHost: localhost:" + endpoint.port()
                        + "\r\nUser-Agent: Go-http-client/1.1\r\nTransfer-Encoding: chunked\r\nAuthorization: Bearer "
                        + endpoint.key() + "\r\nContent-Type: application/json\r\nAccept-Encoding: gzip\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        for (int at = 0; at < body.length; at += FRAME) {
            int length = Math.min(FRAME, body.length - at);
            request.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            request.write(body, at, length);
            request.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        request.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(request.toByteArray());
        return HttpOneAnswer.read(socket.getInputStream());
    }

    private static Answer http2(Socket socket, Endpoint endpoint, String path, byte[] body) throws Exception {
        OutputStream out = socket.getOutputStream();
        ByteBuf first = Unpooled.buffer();
        first.writeCharSequence("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII);
        // No pushes, a window of 4 MB for each stream, and lists of fields of 10 MB.
        frame(first, SETTINGS, 0, 0, setting(2, 0), setting(4, 4 << 20), setting(6, 10 << 20));
        frame(first, WINDOW_UPDATE, 0, 0, Unpooled.copyInt(1 << 30));
        frame(first, HEADERS, 4, 1, fields(endpoint, path));
        write(out, first);
        return new Exchange(new DataInputStream(socket.getInputStream()), out, body).run();
    }

    private static ByteBuf fields(Endpoint endpoint, String path) throws Exception {
        Http2Headers headers = new DefaultHttp2Headers(false)
                .authority("localhost:" + endpoint.port())
                .method("POST")
                .path(path)
                .scheme(endpoint.wire().tls() ? "https" : "http");
        headers.add("authorization", "Bearer " + endpoint.key());
        headers.add("content-type", "application/json");
        headers.add("accept-encoding", "gzip");
        headers.add("user-agent", "Go-http-client/2.0");
        ByteBuf block = Unpooled.buffer();
        new DefaultHttp2HeadersEncoder().encodeHeaders(1, headers, block);
        return block;
    }

    private static ByteBuf setting(int id, int value) {
        return Unpooled.buffer(6).writeShort(id).writeInt(value);
    }

    private static void frame(ByteBuf out, int type, int flags, int stream, ByteBuf... payload) {
        ByteBuf all = Unpooled.wrappedBuffer(payload);
        out.writeMedium(all.readableBytes()).writeByte(type).writeByte(flags).writeInt(stream);
        out.writeBytes(all);
    }

    private static void write(OutputStream out, ByteBuf bytes) throws IOException {
        bytes.readBytes(out, bytes.readableBytes());
        out.flush();
    }

    /** The frames that follow the first ones. One thread. */
    private static final class Exchange {

        private final DataInputStream in;
        private final OutputStream out;
        private final byte[] body;
        private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(true, 64 * 1024);
        private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
        private int sent;
        private boolean ended;
        private long connectionWindow = 65_535;
        private long streamWindow = 65_535;
        private int initialWindow = 65_535;
        private Http2Headers head;

        Exchange(DataInputStream in, OutputStream out, byte[] body) {
            this.in = in;
            this.out = out;
            this.body = body;
        }

        Answer run() throws Exception {
            boolean over = false;
            while (!over) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = new byte[length];
                in.readFully(payload);
                over = frame(type, flags, stream, Unpooled.wrappedBuffer(payload)) && (flags & 1) != 0;
                send();
            }
            boolean packed = head.contains("content-encoding", "gzip");
            return new Answer(Integer.parseInt(head.status().toString()), true, text(answer.toByteArray(), packed));
        }

        /** Whether the frame is one that may end the answer. */
        private boolean frame(int type, int flags, int stream, ByteBuf payload) throws Exception {
            switch (type) {
                case SETTINGS -> settings(flags, payload);
                case WINDOW_UPDATE -> grow(stream, payload.readInt());
                case PING -> {
                    if ((flags & 1) == 0) {
                        write(PING, 1, 0, payload);
                    }
                }
                case HEADERS -> head = head == null ? decoder.decodeHeaders(stream, payload) : head;
                case DATA -> {
                    int length = payload.readableBytes();
                    payload.readBytes(answer, length);
                    if (length > 0) {
                        write(WINDOW_UPDATE, 0, 0, Unpooled.copyInt(length));
                    }
                }
                case RST_STREAM, GOAWAY ->
                    throw new IOException(
                            "frame of type " + type + ", code " + payload.getInt(payload.readableBytes() > 4 ? 4 : 0));
                default -> {
                    // Frames of other types are to be ignored (RFC 9113 section 5.5).
                }
            }
            return type == HEADERS || type == DATA;
        }

        private void settings(int flags, ByteBuf payload) throws IOException {
            if ((flags & 1) != 0) {
                return;
            }
            while (payload.isReadable()) {
                int id = payload.readUnsignedShort();
                int value = payload.readInt();
                if (id == 4) {
                    streamWindow += value - initialWindow;
                    initialWindow = value;
                }
            }
            write(SETTINGS, 1, 0, Unpooled.EMPTY_BUFFER);
        }

        private void grow(int stream, int by) {
            if (stream == 0) {
                connectionWindow += by;
            } else {
                streamWindow += by;
            }
        }

        /** Sends as much of the body as the windows allow; an empty frame ends it. */
        private void send() throws IOException {
            while (!ended) {
                int length =
                        (int) Math.min(Math.min(connectionWindow, streamWindow), Math.min(FRAME, body.length - sent));
                if (length <= 0 && sent < body.length) {
                    return;
                }
                write(DATA, sent == body.length ? 1 : 0, 1, Unpooled.wrappedBuffer(body, sent, length));
                ended = sent == body.length;
                sent += length;
                connectionWindow -= length;
                streamWindow -= length;
            }
        }

        private void write(int type, int flags, int stream, ByteBuf payload) throws IOException {
            ByteBuf bytes = Unpooled.buffer();
            GoStyle.frame(bytes, type, flags, stream, payload);
            GoStyle.write(out, bytes);
        }
    }

    static String text(byte[] bytes, boolean packed) throws IOException {
        if (!packed) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(bytes))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
