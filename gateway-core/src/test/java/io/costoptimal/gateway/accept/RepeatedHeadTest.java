package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A decoder that knows its connection's last head puts out what one that knows nothing does. */
class RepeatedHeadTest {

    private static final String HEAD = "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAccept: */*\r\n"
            + "Content-Length: %s\r\nAuthorization: Bearer sk-1\r\n\r\n";

    @Test
    void theSameHeadIsTheSameRequest() {
        List<Object> out = decode(post("a"), post("b"));
        assertThat(out.get(0)).isInstanceOf(HttpRequest.class).isSameAs(out.get(2));
        assertThat(text(out.get(1))).isEqualTo("a");
        assertThat(text(out.get(3))).isEqualTo("b");
    }

    @Test
    void anotherLengthIsAnotherRequestWithTheSameFields() {
        List<Object> out = decode(post("a"), post("twelve bytes"), post(""), post("a"));
        assertThat(out).hasSize(8);
        assertThat(fields(out.get(2)))
                .containsExactly("Host: gateway", "Accept: */*", "Content-Length: 12", "Authorization: Bearer sk-1");
        assertThat(fields(out.get(0))).contains("Content-Length: 1");
        assertThat(text(out.get(3))).isEqualTo("twelve bytes");
        assertThat(fields(out.get(4))).contains("Content-Length: 0");
        assertThat(out.get(6)).isSameAs(out.get(0));
    }

    @Test
    void aDigitMoreOrSignIsNoLength() {
        for (String length : List.of("+1", "-1", "1x", "x1", "", "0x1", "1 1", "1,1")) {
            HttpRequest second = (HttpRequest)
                    decode(post("a"), HEAD.formatted(length) + "b").get(2);
            assertThat(second.decoderResult().isFailure()).as(length).isTrue();
        }
        HttpRequest huge = (HttpRequest)
                decode(post("a"), HEAD.formatted("12345678901") + "b").get(2);
        assertThat(huge.headers().get("content-length")).isEqualTo("12345678901");
        assertThat(huge.decoderResult().isSuccess()).isTrue();
    }

    @Test
    void oneByteOfDifferenceIsDecoded() {
        String head = HEAD.formatted(1);
        for (int i = 0; i < head.length(); i++) {
            String other = head.substring(0, i) + (char) (head.charAt(i) ^ 1) + head.substring(i + 1) + "bbbbbbbbbb";
            assertThat(shown(decode(post("a"), other))).as(other).isEqualTo(shown(apart(post("a"), other)));
        }
    }

    @Test
    void headsThatDifferAreNotKnown() {
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            requests.add(post("x").replace("*/*", "text/" + i));
        }
        String[] all = requests.toArray(String[]::new);
        assertThat(shown(decode(all))).isEqualTo(shown(apart(all)));
    }

    @Test
    void anySequenceCutAnywhereIsDecodedAsBySomebodyWhoKnowsNothing() {
        Random random = new Random(7);
        for (int round = 0; round < 400; round++) {
            String[] requests = new String[2 + random.nextInt(5)];
            for (int i = 0; i < requests.length; i++) {
                requests[i] = someRequest(random);
            }
            List<String> expected = shown(apart(requests));
            String wire = String.join("", requests);
            String[] pieces = pieces(wire, random);
            assertThat(shown(decode(pieces))).as(Arrays.toString(pieces)).isEqualTo(expected);
        }
    }

    private static String someRequest(Random random) {
        String body = "b".repeat(random.nextInt(4) * random.nextInt(20));
        return switch (random.nextInt(8)) {
            case 0 -> "GET /v1/models HTTP/1.1\r\nHost: gateway\r\n\r\n";
            case 1 ->
                "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + (body.isEmpty() ? "" : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n")
                        + "0\r\n\r\n";
            case 2 -> HEAD.formatted(body.length()).replace("Content-Length: ", "content-LENGTH:\t ") + body;
            case 3 -> "\r\n" + HEAD.formatted(body.length()) + body;
            case 4 -> HEAD.formatted("00" + body.length()) + body;
            default -> HEAD.formatted(body.length()) + body;
        };
    }

    private static String[] pieces(String wire, Random random) {
        List<String> pieces = new ArrayList<>();
        int at = 0;
        while (at < wire.length()) {
            int n = Math.min(wire.length() - at, 1 + random.nextInt(random.nextBoolean() ? 400 : 30));
            pieces.add(wire.substring(at, at + n));
            at += n;
        }
        return pieces.toArray(String[]::new);
    }

    private static String post(String body) {
        return HEAD.formatted(body.length()) + body;
    }

    /** What one decoder makes of {@code reads}. */
    private static List<Object> decode(String... reads) {
        List<Object> out = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(decoder(), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                out.add(msg);
            }
        });
        for (String read : reads) {
            channel.writeInbound(bytes(read));
        }
        channel.finishAndReleaseAll();
        return out;
    }

    /** What a decoder of its own makes of each request. */
    private static List<Object> apart(String... requests) {
        List<Object> out = new ArrayList<>();
        for (String request : requests) {
            out.addAll(decode(request));
        }
        return out;
    }

    private static RequestDecoder decoder() {
        return new RequestDecoder(Limits.DEFAULTS.head(), new ByteBudget(Long.MAX_VALUE));
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    /** Messages as text, bodies joined: how they are cut is nobody's concern. Releases the contents. */
    private static List<String> shown(List<Object> messages) {
        List<String> all = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        for (Object message : messages) {
            if (message instanceof HttpRequest request) {
                all.add(request.method() + " " + request.uri() + " " + request.protocolVersion() + " "
                        + request.decoderResult().isSuccess() + " "
                        + fields(request));
            }
            if (message instanceof HttpContent) {
                body.append(text(message));
            }
            if (message instanceof LastHttpContent) {
                all.add(body.toString());
                body.setLength(0);
            }
        }
        all.add(body.toString());
        return all;
    }

    private static List<String> fields(Object request) {
        List<String> all = new ArrayList<>();
        for (Map.Entry<String, String> field : ((HttpRequest) request).headers().entries()) {
            all.add(field.getKey() + ": " + field.getValue());
        }
        return all;
    }

    private static String text(Object content) {
        ByteBuf bytes = ((HttpContent) content).content();
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        bytes.release();
        return text;
    }
}
