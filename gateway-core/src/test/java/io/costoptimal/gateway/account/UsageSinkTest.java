package io.costoptimal.gateway.account;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.SeenText;
import io.costoptimal.gateway.http.ContentCoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of packed answers. */
class UsageSinkTest {

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed, true)) {
            out.write(text.getBytes(UTF_8));
            out.flush();
        }
        return packed.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "true,false,STRING",
        "true,true,STRING_AND_OTHER",
        "false,false,DOCUMENT",
        "false,true,DOCUMENT_AND_OTHER"
    })
    void textThatBreaksOffWhereItCannotBeUnpackedIsNotAll(boolean events, boolean broken, SeenText.Form form)
            throws IOException {
        String json = "{\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}";
        byte[] packed = gzip(events ? "data: " + json + "\n\n" : json);
        if (broken) {
            // The checksum at the end (RFC 1952, 2.3.1).
            packed[packed.length - 8] ^= 1;
        }
        Accounting accounting = Accounting.within(0);
        UsageSink sink = UsageSink.of(StandardOperations.CHAT_COMPLETIONS, ContentCoding.GZIP, events, -1, accounting);
        ByteBuf read = Unpooled.wrappedBuffer(packed);

        sink.payload(read, 0, packed.length);
        sink.over();
        SeenText seen = sink.text();

        assertThat(seen.form()).isEqualTo(form);
        assertThat(seen.isAll()).isEqualTo(!broken);
        assertThat(seen.length()).isEqualTo(events ? "\"Hi\"".length() : json.length());
        seen.release();
        assertThat(accounting.texts().level().held()).isZero();
    }
}
