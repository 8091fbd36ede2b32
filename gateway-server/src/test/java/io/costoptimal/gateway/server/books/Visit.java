package io.costoptimal.gateway.server.books;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/**
 * What one client got for its order. Immutable.
 *
 * @param status 0 when no head came
 * @param body without transfer and content coding, as far as it came
 * @param whole whether it came to its end
 * @param left whether the client did not wait for that
 */
record Visit(int status, String body, boolean whole, boolean left) {

    private static final int PATIENCE_MILLIS = 60_000;
    private static final String SENTENCE = "This is a simulated answer, the same for every request it gets. ";

    /** Asks, on a connection of its own, and reads until the end or until the client of {@code order} leaves. */
    static Visit make(Order order, int port, Runnable untilSeen) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request(order));
            if (order.leavesBeforeTheAnswer()) {
                untilSeen.run();
                return new Visit(0, "", false, true);
            }
            return new Reading(
                            new BufferedInputStream(socket.getInputStream()),
                            order.wish().leaveAfter())
                    .read();
        }
    }

    private static byte[] request(Order order) {
        StringBuilder head = new StringBuilder("POST " + order.api().path + " HTTP/1.1\r\nhost: gateway\r\n"
                + "authorization: Bearer books-key\r\nconnection: close\r\ncontent-type: application/json\r\nx-request-id: "
                + order.id() + "\r\n");
        if (order.api() == Order.Api.MESSAGES) {
            head.append("anthropic-version: 2023-06-01\r\n");
        }
        order.wish().headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        byte[] body = order.question().body().getBytes(UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (body.length % 5 == 0) {
            out.writeBytes(
                    head.append("transfer-encoding: chunked\r\n\r\n").toString().getBytes(ISO_8859_1));
            for (int from = 0; from < body.length; from += 777) {
                int length = Math.min(777, body.length - from);
                out.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
                out.write(body, from, length);
                out.writeBytes("\r\n".getBytes(ISO_8859_1));
            }
            out.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
        } else {
            out.writeBytes(head.append("content-length: " + body.length + "\r\n\r\n")
                    .toString()
                    .getBytes(ISO_8859_1));
            out.writeBytes(body);
        }
        return out.toByteArray();
    }

    /** How many events with a piece of text came. */
    int pieces(Order.Api api) {
        return (int) Pattern.compile(api.piece).matcher(body).results().count();
    }

    /** How much of the simulated text a document has, in characters. */
    int textLength() {
        Matcher text = Pattern.compile("\"(content|text)\":\"([^\"]*)").matcher(body);
        int longest = 0;
        while (text.find()) {
            longest = Math.max(longest, text.group(2).length());
        }
        return longest;
    }

    /** The first {@code length} characters of what a simulated provider says. */
    static String simulated(int length) {
        return SENTENCE.repeat(length / SENTENCE.length() + 1).substring(0, length);
    }

    /** Reads one answer. */
    private static final class Reading {
        private final InputStream in;
        private final int leaveAfter;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        private Reading(InputStream in, int leaveAfter) {
            this.in = in;
            this.leaveAfter = leaveAfter;
        }

        private Visit read() {
            int status = 0;
            String coding = null;
            boolean whole = false;
            try {
                String first = line();
                status = Integer.parseInt(first.substring(9, 12));
                Map<String, String> fields = new HashMap<>();
                for (String line = line(); !line.isEmpty(); line = line()) {
                    int colon = line.indexOf(':');
                    fields.put(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip());
                }
                coding = fields.get("content-encoding");
                whole = fields.containsKey("content-length")
                        ? bytes(Integer.parseInt(fields.get("content-length")))
                        : fields.containsKey("transfer-encoding") ? chunks() : toTheEnd();
            } catch (IOException cut) {
                // What came before counts.
            }
            return new Visit(status, unpacked(coding), whole, !whole && leaves());
        }

        private boolean leaves() {
            return leaveAfter > 0 && body.size() >= leaveAfter;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("cut");
                }
                line.append((char) c);
            }
            return line.toString().strip();
        }

        /** @return whether all of them came before the client left */
        private boolean bytes(int length) throws IOException {
            for (int i = 0; i < length; i++) {
                if (leaves()) {
                    return false;
                }
                int c = in.read();
                if (c < 0) {
                    throw new IOException("cut");
                }
                body.write(c);
            }
            return true;
        }

        private boolean chunks() throws IOException {
            while (true) {
                int length = Integer.parseInt(line(), 16);
                if (length == 0) {
                    line();
                    return true;
                }
                if (!bytes(length)) {
                    return false;
                }
                line();
            }
        }

        private boolean toTheEnd() throws IOException {
            for (int c = in.read(); c >= 0; c = in.read()) {
                body.write(c);
            }
            return true;
        }

        /** As far as it can be unpacked. */
        private String unpacked(String coding) {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            try (InputStream packed = unpacking(coding, new ByteArrayInputStream(body.toByteArray()))) {
                for (int c = packed.read(); c >= 0; c = packed.read()) {
                    plain.write(c);
                }
            } catch (IOException cut) {
                // What came before counts.
            }
            return plain.toString(UTF_8);
        }

        private static InputStream unpacking(String coding, InputStream packed) throws IOException {
            return switch (coding == null ? "" : coding) {
                case "" -> packed;
                case "gzip" -> new GZIPInputStream(packed, 1);
                case "deflate" -> new InflaterInputStream(packed);
                case "zstd" -> new ZstdInputStreamNoFinalizer(packed);
                default -> throw new IOException("coding: " + coding);
            };
        }
    }
}
