package io.costoptimal.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.http.BodyFraming.TransferCoding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9112, 6.3, as one table; trap 45, faults 81 and 84. */
class BodyFramingTest {

    @ParameterizedTest(name = "{0} {1} http11={2} length={3} coding={4}: {5}")
    @CsvSource(textBlock = """
                    POST, 200, true,  5,  ABSENT,  Length[bytes=5]
                    POST, 200, true,  0,  ABSENT,  Length[bytes=0]
                    POST, 200, false, 5,  ABSENT,  Length[bytes=5]
                    POST, 200, true,  -1, CHUNKED, CHUNKED
                    POST, 200, true,  -1, ABSENT,  UNTIL_CLOSE
                    POST, 200, false, -1, ABSENT,  UNTIL_CLOSE
                    POST, 500, true,  -1, CHUNKED, CHUNKED
                    POST, 205, true,  0,  ABSENT,  Length[bytes=0]
                    HEAD, 200, true,  5,  ABSENT,  NONE
                    HEAD, 200, true,  -1, CHUNKED, NONE
                    HEAD, 200, true,  -1, ABSENT,  NONE
                    POST, 204, true,  5,  ABSENT,  NONE
                    POST, 204, true,  -1, CHUNKED, NONE
                    POST, 304, true,  5,  ABSENT,  NONE
                    POST, 304, true,  -1, CHUNKED, NONE
                    POST, 103, true,  5,  ABSENT,  NONE
                    POST, 200, true,  5,  CHUNKED, Violation[reason=content-length and transfer-encoding]
                    POST, 200, true,  5,  OTHER,   Violation[reason=content-length and transfer-encoding]
                    HEAD, 204, true,  0,  CHUNKED, Violation[reason=content-length and transfer-encoding]
                    POST, 200, false, -1, CHUNKED, Violation[reason=transfer-encoding in HTTP/1.0]
                    POST, 200, true,  -1, OTHER,   Violation[reason=transfer-encoding other than chunked]
                    """)
    void findsTheEndAsTheRfcSays(
            String method, int status, boolean http11, long length, TransferCoding coding, String expected) {
        assertThat(BodyFraming.ofResponse(method, status, http11, length, coding))
                .hasToString(expected);
    }
}
