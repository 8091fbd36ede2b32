package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String V4 = "c0000201" + "0a000001" + "1267" + "01bb";

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.1 10.0.0.1 4711 443, 192.0.2.1",
        "PROXY TCP4 192.0.2.1 10.0.0.1 0 65535, 192.0.2.1",
        "PROXY TCP6 2001:db8::1 ::1 4711 443, 2001:db8::1",
        "PROXY UNKNOWN, none",
        "PROXY UNKNOWN ffff:f...f:ffff any thing, none",
    })
    void readsVersion1HoweverItIsCut(String line, String source) throws Exception {
        readsHoweverCut((line + "\r\n").getBytes(StandardCharsets.US_ASCII), source);
    }

    @ParameterizedTest
    @CsvSource({
        // PROXY of TCP over IPv4, with and without TLVs.
        "21 11 000c " + V4 + ", 192.0.2.1",
        "21 11 0014 " + V4 + " 0300040badcafe00, 192.0.2.1",
        // The same over IPv6.
        "21 21 0024 20010db8000000000000000000000001 00000000000000000000000000000001 1267 01bb, 2001:db8::1",
        // LOCAL, whatever stands there, and PROXY of what has no address.
        "20 00 0000, none",
        "20 11 000c " + V4 + ", none",
        "20 11 0004 01020304, none",
        "20 12 0000, none",
        "20 ff 0002 0102, none",
        "21 00 0003 010203, none",
    })
    void readsVersion2HoweverItIsCut(String header, String source) throws Exception {
        readsHoweverCut(ByteBufUtil.decodeHexDump(SIGNATURE + header.replace(" ", "")), source);
    }

    @Test
    void aUnixSocketOfTheProxysClientHasNoAddress() throws Exception {
        readsHoweverCut(ByteBufUtil.decodeHexDump(SIGNATURE + "213100d8" + "2f".repeat(216)), "none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "proxy TCP4 192.0.2.1 10.0.0.1 1 2\r\n",
                "PROXY  TCP4 192.0.2.1 10.0.0.1 1 2\r\n",
                "PROXY TCP4 192.0.2.1 10.0.0.1 1 2\n",
                "PROXY TCP4 192.0.2.1 10.0.0.1 1 2 \r\n",
                "PROXY TCP4 192.0.2.1 10.0.0.1 01 2\r\n",
                "PROXY TCP4 192.0.2.1 10.0.0.1 1 65536\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "PROXY TCP6 192.0.2.1 10.0.0.1 1 2\r\n",
                "PROXY TCP4 192.0.2 10.0.0.1 1 2\r\n",
                "PROXY TCP4 a.test 10.0.0.1 1 2\r\n",
                "PROXY TCP4 192.0.2.1 10.0.0.1 1\r\n",
                "PROXY UDP4 192.0.2.1 10.0.0.1 1 2\r\n",
                "PROXY \r\n",
                "PROXY \n",
                "\r\n\r\nGET / HTTP/1.1\r\n",
            })
    void whatTheProtocolDoesNotAllowIsRefused(String start) {
        refused(start.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aLineIsAtMost107Bytes() throws Exception {
        String longest = "PROXY UNKNOWN " + "x".repeat(107 - "PROXY UNKNOWN \r\n".length()) + "\r\n";
        readsHoweverCut(longest.getBytes(StandardCharsets.US_ASCII), "none");
        refused(longest.replace("x\r", "xx\r").getBytes(StandardCharsets.US_ASCII));
        refused("PROXY UNKNOWN ".concat("x".repeat(100)).getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "11 11 000c " + V4, // another version
                "22 11 000c " + V4, // another command
                "21 12 000c " + V4, // datagrams
                "21 41 000c " + V4, // another family
                "21 11 000b " + V4, // shorter than its addresses
                "21 21 0023",
                "21 11 1001", // longer than any
            })
    void whatVersion2DoesNotAllowIsRefused(String header) {
        refused(ByteBufUtil.decodeHexDump(SIGNATURE + header.replace(" ", "")));
    }

    private static void readsHoweverCut(byte[] header, String source) throws Exception {
        for (int cut = 0; cut < header.length; cut++) {
            ByteBuf part = Unpooled.wrappedBuffer(header, 0, cut);
            assertThat(ProxyHeader.read(part)).as("cut at %d", cut).isNull();
            assertThat(part.readerIndex()).isZero();
        }
        ByteBuf all = Unpooled.wrappedBuffer(header, "GET".getBytes(StandardCharsets.US_ASCII));
        ProxyHeader.Header read = ProxyHeader.read(all);
        assertThat(read.source() == null ? "none" : NetUtil.toAddressString(read.source()))
                .isEqualTo(source);
        assertThat(all.toString(StandardCharsets.US_ASCII)).isEqualTo("GET");
    }

    private static void refused(byte[] start) {
        assertThatThrownBy(() -> ProxyHeader.read(Unpooled.wrappedBuffer(start)))
                .isInstanceOf(ProxyHeader.Malformed.class);
    }
}
