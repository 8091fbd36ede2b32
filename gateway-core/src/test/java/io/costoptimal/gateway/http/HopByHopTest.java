package io.costoptimal.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HopByHopTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "keep-alive",
                "Proxy-Connection",
                "TE",
                "transfer-ENCODING",
                "Upgrade",
                "HTTP2-Settings",
                "Proxy-Authenticate",
                "Proxy-Authentication-Info",
                "Proxy-Authorization"
            })
    void endsAtThisHopWhicheverWayItIsSpelled(String name) {
        assertThat(HopByHop.FIXED.contains(name)).isTrue();
        assertThat(inHead(HopByHop.FIXED, name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Trailer", "Content-Type", "Content-Length", "t", "tea", "connectioN2", "Via", "x-connection", ""
            })
    void passesEverythingElse(String name) {
        assertThat(HopByHop.FIXED.contains(name)).isFalse();
        assertThat(inHead(HopByHop.FIXED, name)).isFalse();
    }

    /** Lines are separated by {@code |}; the table says which of four fields go (trap 43). */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    close, x-secret                ; X-Secret
                    close | x-secret               ; X-Secret
                    x-secret | X-Other             ; X-Secret X-Other
                    '  X-SECRET ,,\t x-other , '   ; X-Secret X-Other
                    x-secrets, x-secre             ; ''
                    keep-alive                     ; ''
                    Keep-Alive, Close              ; ''
                    ''                             ; ''
                    host, content-length           ; ''
                    Authorization, x-other         ; X-Other
                    """)
    void removesWhatConnectionNominates(String lines, String gone) {
        FieldNames nominated =
                HopByHop.nominated(Arrays.asList(lines.split("\\|")).iterator());

        List<String> fields = List.of("X-Secret", "X-Other", "Host", "Content-Length", "Authorization");

        assertThat(fields.stream().filter(nominated::contains)).containsExactly(words(gone));
        assertThat(fields.stream().filter(name -> inHead(nominated, name))).containsExactly(words(gone));
    }

    @Test
    void makesNoSetForTheUsualConnectionLine() {
        assertThat(HopByHop.nominated(List.of("keep-alive").iterator())).isSameAs(FieldNames.NONE);
        assertThat(HopByHop.nominated(List.<String>of().iterator())).isSameAs(FieldNames.NONE);
    }

    private static String[] words(String text) {
        return text.isEmpty() ? new String[0] : text.split(" ");
    }

    private static boolean inHead(FieldNames names, String name) {
        byte[] head = ("\r\n" + name + ": value").getBytes(StandardCharsets.ISO_8859_1);
        return names.contains(head, 2, name.length());
    }
}
