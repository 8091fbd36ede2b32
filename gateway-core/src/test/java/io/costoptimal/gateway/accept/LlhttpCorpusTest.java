package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.http.FramingGuard;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The request cases of llhttp's own test suite (strict mode), which nobody here wrote. What llhttp refuses must not become
 * a request; what it takes, we take as well, or refuse for a reason that stands in {@link #STRICTER}.
 */
class LlhttpCorpusTest {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");

    /** Where we refuse what llhttp takes. Methods other than {@link #METHODS} are refused by the table of targets. */
    private static final Set<String> STRICTER = Set.of(
            "request/sample.md:69", // Host: 0.0.0.0=5000
            "request/sample.md:107", // the same
            "request/sample.md:316", // HTTP/0.9
            "request/transfer-encoding.md:753", // deflate, chunked
            "request/transfer-encoding.md:795", // the same on two lines
            "request/uri.md:224"); // a user and a password in the target (RFC 9110, 4.2.4)

    private record Case(String name, String llhttp, int messages, String bytes) {

        /** Most cases lack the Host that HTTP/1.1 wants; with one, they test what they are about. */
        String withHost() {
            if (bytes.toLowerCase(Locale.ROOT).contains("host:")) {
                return bytes;
            }
            return bytes.replaceAll("(?<= HTTP/1.1)\r\n", "\r\nHost: h\r\n");
        }
    }

    @Test
    void takesNothingThatLlhttpRefuses() throws IOException {
        int refused = 0;
        for (Case c : cases()) {
            if (c.llhttp.startsWith("ERR")) {
                refused++;
                assertThat(complete(c.bytes)).as(c.name).isLessThanOrEqualTo(c.messages);
                assertThat(complete(c.withHost())).as(c.name + " with Host").isLessThanOrEqualTo(c.messages);
            }
        }
        assertThat(refused).isGreaterThan(50);
    }

    @Test
    void takesWhatLlhttpTakesUnlessSaidOtherwise() throws IOException {
        List<String> stricter = new ArrayList<>();
        int taken = 0;
        for (Case c : cases()) {
            boolean served = METHODS.stream().anyMatch(method -> c.bytes.strip().startsWith(method + " "));
            if (c.llhttp.equals("OK") && c.messages == 1 && served) {
                int complete = complete(c.withHost());
                taken += complete;
                if (complete != 1) {
                    stricter.add(c.name);
                }
            }
        }
        assertThat(stricter).containsExactlyInAnyOrderElementsOf(STRICTER);
        assertThat(taken).isGreaterThan(25);
    }

    /** How many sound requests with a served method {@code bytes} hold, up to the first that is not. */
    private static int complete(String bytes) {
        EmbeddedChannel channel =
                new EmbeddedChannel(new RequestDecoder(Limits.DEFAULTS.head(), new ByteBudget(Long.MAX_VALUE)));
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        int complete = 0;
        boolean sound = true;
        boolean last = false;
        for (Object msg = channel.readInbound(); msg != null; msg = channel.readInbound()) {
            if (msg instanceof HttpRequest request) {
                sound &= !last
                        && FramingGuard.check(request) == null
                        && METHODS.contains(request.method().name());
                last = !HttpUtil.isKeepAlive(request);
            }
            if (msg instanceof HttpContent content) {
                sound &= !content.decoderResult().isFailure();
                complete += sound && content instanceof LastHttpContent ? 1 : 0;
            }
            ReferenceCountUtil.release(msg);
        }
        channel.finishAndReleaseAll();
        return complete;
    }

    private static List<Case> cases() throws IOException {
        Path corpus = null;
        for (Path dir = Path.of("").toAbsolutePath(); dir != null && corpus == null; dir = dir.getParent()) {
            Path file = dir.resolve("shared/corpora/http/llhttp.jsonl");
            corpus = Files.exists(file) ? file : null;
        }
        assumeTrue(corpus != null, "shared/corpora/http/llhttp.jsonl is not beside this project");
        List<Case> cases = new ArrayList<>();
        for (String line : Files.readAllLines(corpus)) {
            JsonParser json = JsonFactory.builder().build().createParser(ObjectReadContext.empty(), line);
            String[] values = new String[6];
            List<String> names = List.of("name", "side", "type", "llhttp", "messages", "bytes_b64");
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.PROPERTY_NAME) {
                    int at = names.indexOf(json.currentName());
                    json.nextToken();
                    values[at] = json.getString();
                }
            }
            String bytes = new String(Base64.getDecoder().decode(values[5]), StandardCharsets.ISO_8859_1);
            // Two cases hold a piece of the document around them, and the verdict of another case.
            boolean whole = !bytes.contains("```");
            if (values[1].equals("client") && values[2].equals("request") && whole) {
                cases.add(new Case(values[0], values[3], Integer.parseInt(values[4]), bytes));
            }
        }
        return cases;
    }
}
