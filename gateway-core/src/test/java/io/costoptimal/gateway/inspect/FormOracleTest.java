package io.costoptimal.gateway.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.inspect.FormCuts.Verdict;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The scanner beside Netty's decoder of forms, which is more lenient: it may find parts where the scanner refuses, but of every
 * form that the scanner accepts it must find the same model, and no second one. Forms are made at random, so that many are
 * nearly malformed.
 */
class FormOracleTest {

    private static final int FORMS = 20_000;

    private static final String[] NAMES = {"model", "file", "purpose", "Model", "model[]", "prompt"};
    private static final String[] FRAGMENTS = {
        "\r\n",
        "\n",
        "\r",
        "--",
        "-",
        "--B",
        "--B0",
        "--B0--",
        "\r\n--B0",
        "\n--B0\r\n",
        "\r\n--B0\r\n",
        "a",
        "whisper-1",
        "Content-Disposition: form-data; name=\"model\"",
        "\r\n\r\n",
        "\0",
        " "
    };

    private final Random random = new Random(12);
    private int accepted;
    private int withModel;

    @Test
    void findsTheModelThatTheScannerFinds() throws IOException {
        for (int i = 0; i < FORMS; i++) {
            String form = form();
            Verdict verdict = FormCuts.at(Unpooled.copiedBuffer(form, ISO_8859_1));
            if (verdict.accepted()) {
                accepted++;
                List<String> models = models(form);
                String name = verdict.model().name();
                withModel += name == null ? 0 : 1;
                assertThat(models).as(form).isEqualTo(name == null ? List.of() : List.of(name));
            }
        }
        assertThat(accepted).as("accepted").isGreaterThan(FORMS / 20);
        assertThat(withModel).as("with a model").isGreaterThan(FORMS / 100);
    }

    /** Cuts are judged alike, whatever the form. */
    @Test
    void judgesEveryFormAlikeHoweverItIsCut() {
        for (int i = 0; i < FORMS / 20; i++) {
            FormCuts.everywhere(form());
        }
    }

    private String form() {
        StringBuilder form = new StringBuilder();
        int parts = random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            String name = NAMES[Math.min(random.nextInt(NAMES.length * 3) / 2, NAMES.length - 1)];
            form.append("--B0\r\nContent-Disposition: form-data; name=\"")
                    .append(name)
                    .append('"');
            if (!name.equals("model") && random.nextInt(3) == 0) {
                form.append("; filename=\"f\"\r\nContent-Type: audio/wav");
            }
            form.append("\r\n\r\n")
                    .append(name.equals("model") ? "whisper-1" : value())
                    .append("\r\n");
        }
        form.append("--B0--\r\n");
        if (random.nextInt(3) == 0) {
            int at = random.nextInt(form.length());
            form.replace(
                    at, Math.min(form.length(), at + random.nextInt(3)), FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
        }
        return form.toString();
    }

    private String value() {
        StringBuilder value = new StringBuilder("v");
        for (int n = random.nextInt(4); n > 0; n--) {
            value.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
        }
        return value.toString();
    }

    /** The values of all parts that Netty's decoder takes for the model. */
    private static List<String> models(String form) throws IOException {
        DefaultFullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.copiedBuffer(form, ISO_8859_1));
        request.headers().set("content-type", "multipart/form-data; boundary=B0");
        HttpPostMultipartRequestDecoder decoder =
                new HttpPostMultipartRequestDecoder(new DefaultHttpDataFactory(false), request, UTF_8);
        try {
            List<String> models = new ArrayList<>();
            for (InterfaceHttpData data : decoder.getBodyHttpDatas()) {
                if (data.getName().equalsIgnoreCase("model") || data.getName().equals("model[]")) {
                    models.add(data instanceof Attribute attribute ? attribute.getValue() : "a file");
                }
            }
            return models;
        } finally {
            decoder.destroy();
            request.release();
        }
    }
}
