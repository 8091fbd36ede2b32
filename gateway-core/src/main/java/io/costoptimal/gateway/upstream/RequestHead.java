package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.http.CredentialFields;
import io.costoptimal.gateway.http.FieldNames;
import io.costoptimal.gateway.http.HopByHop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Writes the head of a request as a provider gets it: the client's fields as they came, in their order and spelling, but
 * for those that end here ({@link ClientFields}), with the provider's path and credential. Stateless, any event loop.
 *
 * <p>What the operator configured wins over everything, the credential included.
 */
public final class RequestHead {

    /** Bytes of a usual head; a longer one grows the buffer once. */
    private static final int USUAL = 1536;

    /** In the place of a length: the body follows in the chunked coding. */
    public static final long CHUNKED = -1;

    /** In the place of a length: there is no body, and the head says nothing of one. */
    public static final long NO_BODY = -2;

    private static final int CRLF = '\r' << 8 | '\n';
    private static final int COLON_SPACE = ':' << 8 | ' ';

    private RequestHead() {}

    /**
     * Returns a new buffer with the whole head, the empty line included.
     *
     * @param exchange still has its decoded request
     * @param bodyLength bytes of the body that follows, or {@link #CHUNKED} or {@link #NO_BODY}
     * @param room bytes that the caller is going to write into the buffer behind the head
     */
    public static ByteBuf write(
            ByteBufAllocator alloc, Exchange exchange, Candidate candidate, long bodyLength, int room) {
        ProviderHead head = ProviderHead.of(candidate.provider());
        OwnFields added = OwnFields.of(exchange.addedFields());
        ByteBuf out = alloc.ioBuffer(USUAL + room);
        try {
            writeTarget(out, head, exchange, candidate);
            writeFraming(out, head.fixed(exchange.credential(), added), bodyLength);
            writeClientFields(out, head, head.own(added), exchange, candidate);
            out.writeShort(CRLF);
            return out;
        } catch (Throwable e) {
            out.release();
            throw e;
        }
    }

    private static void writeFraming(ByteBuf out, byte[] fixed, long bodyLength) {
        if (bodyLength >= 0) {
            out.writeBytes(fixed);
            writeNumber(out, bodyLength);
            out.writeShort(CRLF);
            return;
        }
        out.writeBytes(fixed, 0, fixed.length - ProviderHead.LENGTH.length());
        if (bodyLength == CHUNKED) {
            writeField(out, HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
    }

    private static boolean isClientsOwn(Map.Entry<CharSequence, CharSequence> field, Exchange exchange) {
        return CredentialFields.isClientsOwn(field.getKey(), field.getValue().toString(), exchange.gatewayKey());
    }

    private static void writeTarget(ByteBuf out, ProviderHead head, Exchange exchange, Candidate candidate) {
        ProviderHead.Line line = head.line(exchange.operationFor(candidate));
        out.writeBytes(line.before());
        if (line.after() != null) {
            ByteBufUtil.writeAscii(out, ModelPlacement.inPath(exchange, candidate));
            out.writeBytes(line.after());
        } else if (line.pieces() != null) {
            writeParameters(out, line.pieces(), exchange.target().inPath().spelled());
        }
        String query = exchange.target().query();
        if (query != null || head.apiVersion != null) {
            ProviderQuery.write(out, query, head.apiVersion, exchange.gatewayKey());
        }
    }

    /** As the client spelled them: the gateway has read them without ambiguity, and the provider reads the same bytes. */
    private static void writeParameters(ByteBuf out, byte[][] pieces, List<String> parameters) {
        for (int i = 0; i < pieces.length; i++) {
            ByteBufUtil.writeAscii(out, parameters.get(i));
            out.writeBytes(pieces[i]);
        }
    }

    /** @param own names that no client's field may have */
    private static void writeClientFields(
            ByteBuf out, ProviderHead head, FieldNames own, Exchange exchange, Candidate candidate) {
        HttpHeaders client = exchange.request().headers();
        boolean pages = exchange.policy().crossOrigin() != null;
        FieldNames nominated = HopByHop.nominated(client.valueCharSequenceIterator(HttpHeaderNames.CONNECTION));
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = client.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            CharSequence name = field.getKey();
            if (nominated.contains(name) || own.covers(name) || pages && head.clientFields.endsForPages(name)) {
                continue;
            }
            if (!head.clientFields.end(name)) {
                if (!CredentialFields.repeats(field.getValue(), exchange.gatewayKey())) {
                    writeField(out, name, field.getValue());
                }
            } else if (head.clientsOwn && isClientsOwn(field, exchange)) {
                writeField(out, name, field.getValue());
            } else if (ClientFields.isAcceptEncoding(name)) {
                if (!exchange.askedForUsage()) {
                    writeField(out, name, head.clientFields.acceptEncoding(field.getValue()));
                }
            } else if (exchange.passing() != null && HttpHeaderNames.CONTENT_ENCODING.contentEqualsIgnoreCase(name)) {
                // Of a body that nobody unpacks.
                writeField(out, name, field.getValue());
            } else if (ClientFields.isDigest(name) && isBodyAsItCame(exchange, candidate)) {
                writeField(out, name, field.getValue());
            }
        }
        if (exchange.askedForUsage() && !own.covers(HttpHeaderNames.ACCEPT_ENCODING)) {
            // Of a packed stream, nothing could be withheld.
            writeField(out, HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY);
        }
    }

    private static boolean isBodyAsItCame(Exchange exchange, Candidate candidate) {
        return (!exchange.request().headers().contains(HttpHeaderNames.CONTENT_ENCODING) || exchange.passing() != null)
                && RequestEdits.of(exchange, candidate).isEmpty();
    }

    /** Latin-1 both ways: the decoder made one char of each byte, and each goes back to the byte it was. */
    private static void writeField(ByteBuf out, CharSequence name, CharSequence value) {
        ByteBufUtil.writeAscii(out, name);
        out.writeShort(COLON_SPACE);
        ByteBufUtil.writeAscii(out, value);
        out.writeShort(CRLF);
    }

    private static void writeNumber(ByteBuf out, long number) {
        if (number > Integer.MAX_VALUE) {
            ByteBufUtil.writeAscii(out, Long.toString(number));
        } else {
            writeNumber(out, (int) number);
        }
    }

    private static void writeNumber(ByteBuf out, int number) {
        int power = 1;
        while (number / power >= 10) {
            power *= 10;
        }
        for (; power > 0; power /= 10) {
            out.writeByte('0' + number / power % 10);
        }
    }
}
