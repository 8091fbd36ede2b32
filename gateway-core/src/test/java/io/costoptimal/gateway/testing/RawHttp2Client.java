package io.costoptimal.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A client that sends exactly the frames of HTTP/2 that it is told to, and reads those that come. It acknowledges nothing and
 * gives no window back unless told to. Used by one thread.
 */
public final class RawHttp2Client implements AutoCloseable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;
    public static final int PADDED = 8;

    /** What every connection begins with (RFC 9113, 3.4). */
    public static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private static final int HEADER = 9;
    /** What a stream and a connection may be sent to begin with (RFC 9113, 6.9.2). */
    private static final int FIRST_WINDOW = 65_535;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private final Deque<Frame> unread = new ArrayDeque<>();
    /** What the gateway takes, by stream; that of the connection is 0. */
    private final Map<Integer, Integer> windows = new HashMap<>();

    /** A frame as it came. */
    public record Frame(int type, int flags, int stream, byte[] payload) {

        public boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /** The four bytes from {@code at} on, as RST_STREAM, GOAWAY, WINDOW_UPDATE and SETTINGS have numbers. */
        public int number(int at) {
            return Unpooled.wrappedBuffer(payload).getInt(at);
        }
    }

    /**
     * All that came on one stream.
     *
     * @param interim statuses before the answer's own
     * @param fields of the answer, each name once or with values joined by a line feed
     * @param bytes of the body
     * @param ended whether it ended with END_STREAM
     * @param reset the code of a RST_STREAM; -1 without
     */
    public record Answer(
            int status, List<Integer> interim, Map<String, String> fields, byte[] bytes, boolean ended, long reset) {

        /** The body, of UTF-8. */
        public String body() {
            return new String(bytes, UTF_8);
        }
    }

    private RawHttp2Client(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(Wire.PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
    }

    /** Connects and says nothing. */
    public static RawHttp2Client silent(int port, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Wire.PATIENCE_MILLIS);
        return new RawHttp2Client(socket);
    }

    /** Says nothing over a socket that is connected already. */
    public static RawHttp2Client silent(Socket socket) throws IOException {
        return new RawHttp2Client(socket);
    }

    /** Over a socket that is connected already, such as one of TLS. */
    public static RawHttp2Client over(Socket socket) throws IOException {
        RawHttp2Client client = new RawHttp2Client(socket);
        client.begin();
        return client;
    }

    /** Connects, and sends the preface and empty SETTINGS. */
    public static RawHttp2Client connect(int port) throws IOException {
        RawHttp2Client client = silent(port, 0);
        client.begin();
        return client;
    }

    /** Connects, and begins with {@code settings}, identifiers and values by turns. */
    public static RawHttp2Client connect(int port, int... settings) throws IOException {
        RawHttp2Client client = silent(port, 0);
        client.send(PREFACE.getBytes(UTF_8));
        client.settings(settings);
        return client;
    }

    private void begin() throws IOException {
        send(concat(PREFACE.getBytes(UTF_8), bytes(SETTINGS, 0, 0, new byte[0])));
    }

    /** Sends bytes that need not be frames. */
    public void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** A frame as it is sent. */
    public static byte[] bytes(int type, int flags, int stream, byte[] payload) {
        ByteBuf frame = Unpooled.buffer(HEADER + payload.length);
        frame.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
        return ByteBufUtil.getBytes(frame.writeBytes(payload));
    }

    public void frame(int type, int flags, int stream, byte... payload) throws IOException {
        send(bytes(type, flags, stream, payload));
    }

    /** @param settings identifiers and values by turns */
    public void settings(int... settings) throws IOException {
        ByteBuf payload = Unpooled.buffer();
        for (int i = 0; i < settings.length; i += 2) {
            payload.writeShort(settings[i]).writeInt(settings[i + 1]);
        }
        frame(SETTINGS, 0, 0, ByteBufUtil.getBytes(payload));
    }

    public void window(int stream, int bytes) throws IOException {
        frame(WINDOW_UPDATE, 0, stream, number(bytes));
    }

    public void reset(int stream, int code) throws IOException {
        frame(RST_STREAM, 0, stream, number(code));
    }

    public void ping(long data) throws IOException {
        frame(PING, 0, 0, ByteBufUtil.getBytes(Unpooled.copyLong(data)));
    }

    private static byte[] number(int number) {
        return ByteBufUtil.getBytes(Unpooled.copyInt(number));
    }

    /** @param fields names and values by turns */
    public void headers(int stream, boolean ends, String... fields) throws IOException {
        frame(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block(fields));
    }

    /** A header block; nothing in it is checked, or enters a table. */
    public static byte[] block(String... fields) {
        DefaultHttp2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        ByteBuf block = Unpooled.buffer();
        try {
            new DefaultHttp2HeadersEncoder((name, value) -> true, true).encodeHeaders(1, headers, block);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException(e);
        }
        return ByteBufUtil.getBytes(block);
    }

    private void opens(int stream, int by) {
        windows.put(stream, windowOf(stream) + by);
    }

    /** How much more may be sent on {@code stream}, by the frames that were read. */
    public int windowOf(int stream) {
        return windows.getOrDefault(stream, FIRST_WINDOW);
    }

    public void data(int stream, boolean ends, String data) throws IOException {
        data(stream, ends, data.getBytes(UTF_8));
    }

    public void data(int stream, boolean ends, byte[] data) throws IOException {
        frame(DATA, ends ? END_STREAM : 0, stream, data);
        opens(stream, -data.length);
        opens(0, -data.length);
    }

    /** The head of a chat request with the accepted key, and more {@code fields}. */
    public static String[] chatHead(String... fields) {
        List<String> all = new ArrayList<>(List.of(
                ":method", "POST",
                ":scheme", "http",
                ":authority", "g",
                ":path", "/v1/chat/completions",
                "authorization", "Bearer " + TestGateway.KEY,
                "content-type", "application/json"));
        all.addAll(List.of(fields));
        return all.toArray(String[]::new);
    }

    /** A whole chat request. */
    public void chat(int stream, String body) throws IOException {
        byte[] data = body.getBytes(UTF_8);
        send(concat(
                bytes(HEADERS, END_HEADERS, stream, block(chatHead("content-length", Integer.toString(data.length)))),
                bytes(DATA, END_STREAM, stream, data)));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    /** The next frame. */
    public Frame read() throws IOException {
        return unread.isEmpty() ? receive() : unread.poll();
    }

    private Frame receive() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        Frame frame = new Frame(type, flags, stream, payload);
        if (type == WINDOW_UPDATE) {
            opens(stream, frame.number(0));
        }
        return frame;
    }

    /** The next frame of {@code type} on {@code stream}; those before it are left to be read. */
    public Frame read(int type, int stream) throws IOException {
        for (Iterator<Frame> frames = unread.iterator(); frames.hasNext(); ) {
            Frame frame = frames.next();
            if (frame.type == type && frame.stream == stream) {
                frames.remove();
                return frame;
            }
        }
        while (true) {
            Frame frame = receive();
            if (frame.type == type && frame.stream == stream) {
                return frame;
            }
            unread.add(frame);
        }
    }

    /** Whether a frame of this type has come and was not read yet. */
    public boolean holds(int type) {
        return unread.stream().anyMatch(frame -> frame.type == type);
    }

    /** Reads on to the end of {@code stream}; frames of others are left to be read. */
    public Answer answer(int stream) throws IOException {
        List<Integer> interim = new ArrayList<>();
        Map<String, String> fields = new HashMap<>();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int status = 0;
        while (true) {
            Frame frame = next(stream);
            if (frame.type == HEADERS) {
                Http2Headers headers = headers(frame);
                int code = Integer.parseInt(headers.status().toString());
                if (code < 200) {
                    interim.add(code);
                } else {
                    status = code;
                    headers.forEach(field -> fields.merge(
                            field.getKey().toString(), field.getValue().toString(), (a, b) -> a + "\n" + b));
                }
            } else if (frame.type == DATA) {
                body.writeBytes(frame.payload);
            } else if (frame.type == RST_STREAM) {
                return new Answer(status, interim, fields, body.toByteArray(), false, frame.number(0));
            }
            if ((frame.type == HEADERS || frame.type == DATA) && frame.has(END_STREAM)) {
                return new Answer(status, interim, fields, body.toByteArray(), true, -1);
            }
        }
    }

    /** The next frame on {@code stream} whatever it is. */
    public Frame next(int stream) throws IOException {
        for (Iterator<Frame> frames = unread.iterator(); frames.hasNext(); ) {
            Frame frame = frames.next();
            if (frame.stream == stream) {
                frames.remove();
                return frame;
            }
        }
        while (true) {
            Frame frame = receive();
            if (frame.stream == stream) {
                return frame;
            }
            unread.add(frame);
        }
    }

    private Http2Headers headers(Frame first) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(first.payload);
        Frame last = first;
        while (!last.has(END_HEADERS)) {
            last = read(CONTINUATION, first.stream);
            block.writeBytes(last.payload);
        }
        try {
            return decoder.decodeHeaders(first.stream, Unpooled.wrappedBuffer(block.toByteArray()));
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    /** Sends a body in full frames, as the windows allow, and ends the stream with it. */
    public void upload(int stream, byte[] body) throws IOException {
        int sent = 0;
        while (sent < body.length) {
            int n = send(stream, body, sent, true);
            sent += n;
            if (n == 0) {
                Frame frame = receive();
                if (frame.type != WINDOW_UPDATE) {
                    unread.add(frame);
                }
            }
        }
    }

    /**
     * Does the same as over a line of which each way takes long: what the windows allow is sent at once, and all that comes
     * of it is read before the next.
     *
     * @param rounds the most that it may take
     * @return how many bytes were sent
     */
    public int upload(int stream, byte[] body, int rounds) throws IOException {
        int sent = 0;
        for (int i = 0; i < rounds && sent < body.length; i++) {
            for (int n = 1; n > 0 && sent < body.length; sent += n) {
                n = send(stream, body, sent, true);
            }
            awaitAllIsRead();
        }
        return sent;
    }

    /** Sends {@code bytes} of a body that does not end with them, within the windows. */
    public void part(int stream, int bytes) throws IOException {
        byte[] body = new byte[bytes];
        Arrays.fill(body, (byte) ' ');
        int sent = 0;
        while (sent < bytes) {
            int n = send(stream, body, sent, false);
            if (n == 0) {
                throw new IllegalStateException("no window for " + (bytes - sent) + " bytes more");
            }
            sent += n;
        }
    }

    /** Reads on until {@code bytes} may be sent on {@code stream}. */
    public void awaitWindow(int stream, int bytes) throws IOException {
        while (Math.min(windowOf(stream), windowOf(0)) < bytes) {
            Frame frame = receive();
            if (frame.type != WINDOW_UPDATE) {
                unread.add(frame);
            }
        }
    }

    /** Sends a frame from {@code at} on; how much is in it, nothing if no window is open. */
    private int send(int stream, byte[] body, int at, boolean ends) throws IOException {
        int n = Math.min(Math.min(16_384, body.length - at), Math.min(windowOf(stream), windowOf(0)));
        if (n > 0) {
            data(stream, ends && at + n == body.length, Arrays.copyOfRange(body, at, at + n));
        }
        return Math.max(n, 0);
    }

    /** Returns once the gateway has read all that was sent up to now, and what it said to that is here. */
    public void awaitAllIsRead() throws IOException {
        ping(0);
        read(PING, 0);
    }

    /** Reads {@code bytes} of data on {@code stream}, which must come in frames that end there. */
    public void readData(int stream, int bytes) throws IOException {
        int left = bytes;
        while (left > 0) {
            left -= read(DATA, stream).payload.length;
        }
    }

    /** Reads until the gateway closes; the last GOAWAY before that, {@code null} when there was none. */
    public Frame readToClose() throws IOException {
        Frame goAway = null;
        try {
            while (true) {
                Frame frame = read();
                goAway = frame.type == GOAWAY ? frame : goAway;
            }
        } catch (EOFException | java.net.SocketException closed) {
            return goAway;
        }
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
