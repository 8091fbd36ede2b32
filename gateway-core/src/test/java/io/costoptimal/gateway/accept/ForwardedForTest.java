package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.accept.TrustedProxies.Field;
import io.costoptimal.gateway.exchange.Network;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 10.0.0.0/8 and fd00::/8 are trusted proxies, and the connection comes from 10.0.0.1. */
class ForwardedForTest {

    private static final List<Network> PROXIES = List.of(Network.parse("10.0.0.0/8"), Network.parse("fd00::/8"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "192.0.2.1                               | 192.0.2.1",
                "192.0.2.1:4711                          | 192.0.2.1",
                "2001:db8::1                             | 2001:db8::1",
                "[2001:db8::1]                           | 2001:db8::1",
                "[2001:db8::1]:443                       | 2001:db8::1",
                "::ffff:192.0.2.1                        | 192.0.2.1",
                // What the client wrote itself stands on the left.
                "1.1.1.1, 192.0.2.1                      | 192.0.2.1",
                "10.9.9.9, 192.0.2.1                     | 192.0.2.1",
                "192.0.2.1, 10.0.0.2                     | 192.0.2.1",
                "1.1.1.1, 192.0.2.1, 10.0.0.3,10.0.0.2   | 192.0.2.1",
                "192.0.2.1, [fd00::1]:80                 | 192.0.2.1",
                "10.0.0.3, 10.0.0.2                      | 10.0.0.3",
                // What cannot be read ends the way: nobody knows who stands left of it.
                "192.0.2.1, unknown                      | unknown",
                "192.0.2.1, unknown, 10.0.0.2            | unknown",
                "192.0.2.1, 10.0.0.2:x                   | unknown",
                "192.0.2.1, fe80::1%eth0                 | unknown",
                "192.0.2.1, [10.0.0.2]                   | unknown",
                "192.0.2.1, [fd00::1                     | unknown",
                "192.0.2.1, 10.0.0.2:123456              | unknown",
                "192.0.2.1, a.test                       | unknown",
                "unix:                                   | unknown",
                // A quote is no more than a wrong character.
                "\", 192.0.2.1                           | 192.0.2.1",
                "a\"b, 192.0.2.1                         | 192.0.2.1",
                "\"10.9.9.9, 192.0.2.1                   | 192.0.2.1",
                "192.0.2.1, \"10.0.0.2\"                  | unknown",
                "192.0.2.1, \"1.1.1.1, 10.0.0.2           | unknown",
                // Empty elements of a list say nothing.
                "192.0.2.1,, ,                           | 192.0.2.1",
                ",                                       | 10.0.0.1",
                "`` | 10.0.0.1",
            })
    void readsXForwardedForFromTheRightThroughTrustedHopsOnly(String value, String client) throws Exception {
        assertThat(client(Field.X_FORWARDED_FOR, value)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "for=192.0.2.1                                            | 192.0.2.1",
                "For=192.0.2.1;proto=https;by=10.0.0.1                    | 192.0.2.1",
                "proto=https; for=192.0.2.1                               | 192.0.2.1",
                "for=\"[2001:db8::1]:4711\"                               | 2001:db8::1",
                "for=\"[2001:db8::1]:_p-1.x\"                             | 2001:db8::1",
                "for=192.0.2.1, for=\"10.0.0.2:_\"                        | unknown",
                "for=192.0.2.1, for=\"10.0.0.2:_a b\"                     | unknown",
                "for=\"192.0.2.1:80\", for=10.0.0.2                       | 192.0.2.1",
                "for=1.1.1.1, for=192.0.2.1                               | 192.0.2.1",
                "for=192.0.2.1, for=\"10.0.0.2\";host=\"a,for=1.1.1.1;b\"  | 192.0.2.1",
                "for=192.0.2.1;host=\"a\\\",for=1.1.1.1\"                  | 192.0.2.1",
                "for=192.0.2.1, for=_hidden                               | unknown",
                "for=192.0.2.1, for=unknown, for=10.0.0.2                 | unknown",
                "for=192.0.2.1, proto=https                               | unknown",
                "for=192.0.2.1;for=1.1.1.1                                | unknown",
                "for=192.0.2.1, for=\"10.0.0.2                             | unknown",
                "192.0.2.1                                                | unknown",
                // What the client opened, the proxy does not close.
                "for=\"x, for=192.0.2.1                                    | 192.0.2.1",
                "for=\"10.9.9.9, for=192.0.2.1;host=\"a,b\"                 | 192.0.2.1",
                "for=10.9.9.9;x=\"\\, for=\"192.0.2.1:80\";by=\"_\\\"a\"        | 192.0.2.1",
                "for=\"x, for=192.0.2.1, for=10.0.0.2                      | 192.0.2.1",
                "for=192.0.2.1;host=a\"                                    | unknown",
                "for=192.0.2.1;host=\"a\"b                                 | unknown",
                "for=192.0.2.1;secret                                     | unknown",
            })
    void readsForwardedFromTheRightThroughTrustedHopsOnly(String value, String client) throws Exception {
        assertThat(client(Field.FORWARDED, value)).isEqualTo(client);
    }

    /** What a client sends is anything that a field may hold, and most of it is what lists and strings are made of. */
    @Test
    void nothingThatAClientSendsHidesTheAddressThatATrustedProxyNotes() throws Exception {
        SplittableRandom random = new SplittableRandom(20260723);
        for (int i = 0; i < 20_000; i++) {
            String sent = anything(random);
            assertThat(client(Field.X_FORWARDED_FOR, sent + ", 192.0.2.1"))
                    .as(sent)
                    .isEqualTo("192.0.2.1");
            assertThat(client(Field.X_FORWARDED_FOR, sent + ",[2001:db8::1]:443, 10.0.0.2"))
                    .as(sent)
                    .isEqualTo("2001:db8::1");
            assertThat(client(Field.FORWARDED, sent + ", for=192.0.2.1;proto=https"))
                    .as(sent)
                    .isEqualTo("192.0.2.1");
            assertThat(client(
                            Field.FORWARDED,
                            sent + ", host=\"a,\\\"b;\\\\\";for=\"192.0.2.1:80\"",
                            "for=10.0.0.2;by=\"[fd00::1]\""))
                    .as(sent)
                    .isEqualTo("192.0.2.1");
        }
    }

    private static String anything(SplittableRandom random) {
        StringBuilder sent = new StringBuilder();
        int parts = random.nextInt(12);
        for (int i = 0; i < parts; i++) {
            switch (random.nextInt(9)) {
                case 0, 1 -> sent.append('"');
                case 2 -> sent.append('\\');
                case 3 -> sent.append(',');
                case 4 -> sent.append(";");
                case 5 -> sent.append("for=");
                case 6 -> sent.append("10.9.9.9");
                case 7 -> sent.append('\t');
                // Visible characters, and the bytes beyond ASCII (RFC 9110, 5.5).
                default ->
                    sent.append((char) (random.nextBoolean() ? random.nextInt(' ', 127) : random.nextInt(128, 256)));
            }
        }
        return sent.toString().stripLeading();
    }

    @Test
    void linesOfAFieldAreOneList() throws Exception {
        assertThat(client(Field.X_FORWARDED_FOR, "1.1.1.1", "192.0.2.1, 10.0.0.3", "10.0.0.2"))
                .isEqualTo("192.0.2.1");
        assertThat(client(Field.FORWARDED, "for=192.0.2.1", "for=10.0.0.2")).isEqualTo("192.0.2.1");
    }

    @Test
    void theFieldThatProxiesDoNotWriteIsNotRead() throws Exception {
        HttpHeaders fields = new DefaultHttpHeaders().add("forwarded", "for=1.1.1.1");
        assertThat(client(Field.X_FORWARDED_FOR, fields)).isEqualTo("10.0.0.1");
        assertThat(client(Field.FORWARDED, new DefaultHttpHeaders().add("x-forwarded-for", "1.1.1.1")))
                .isEqualTo("10.0.0.1");
    }

    private static String client(Field field, String... lines) throws Exception {
        String name = field == Field.FORWARDED ? "forwarded" : "x-forwarded-for";
        return client(field, new DefaultHttpHeaders().add(name, List.of(lines)));
    }

    private static String client(Field field, HttpHeaders fields) throws Exception {
        InetAddress connection = InetAddress.getByName("10.0.0.1");
        InetAddress client = ForwardedFor.client(fields, new TrustedProxies(PROXIES, false, field), connection);
        return client == null ? "unknown" : NetUtil.toAddressString(client);
    }
}
