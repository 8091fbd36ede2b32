package io.costoptimal.gateway.server.clients;

import io.costoptimal.gateway.server.clients.Client.Answer;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads one answer of HTTP/1.1, which has to have a length or chunks. */
final class HttpOneAnswer {

    private HttpOneAnswer() {}

    static Answer read(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ")[1]);
        StringBuilder head = new StringBuilder();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            head.append(line.toLowerCase(Locale.ROOT)).append('\n');
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (head.indexOf("transfer-encoding: chunked") >= 0) {
            for (int size = size(in); size > 0; size = size(in)) {
                body.write(exactly(in, size));
                line(in);
            }
            line(in);
        } else {
            int at = head.indexOf("content-length: ") + "content-length: ".length();
            body.write(exactly(in, Integer.parseInt(head.substring(at, head.indexOf("\n", at)))));
        }
        boolean packed = head.indexOf("content-encoding: gzip") >= 0;
        return new Answer(status, false, GoStyle.text(body.toByteArray(), packed));
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer was cut off");
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the answer was cut off");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8).trim();
    }
}
