package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.accept.TrustedProxies.Field;
import io.costoptimal.gateway.exchange.Network;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
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
                "192.0.2.1, unknown                      | 10.0.0.1",
                "192.0.2.1, unknown, 10.0.0.2            | 10.0.0.2",
                "192.0.2.1, 10.0.0.2:x                   | 10.0.0.1",
                "192.0.2.1, fe80::1%eth0                 | 10.0.0.1",
                "192.0.2.1, [10.0.0.2]                   | 10.0.0.1",
                "192.0.2.1, [fd00::1                     | 10.0.0.1",
                "192.0.2.1, 10.0.0.2:123456              | 10.0.0.1",
                "192.0.2.1, a.test                       | 10.0.0.1",
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
                "for=192.0.2.1, for=\"10.0.0.2:_\"                        | 10.0.0.1",
                "for=192.0.2.1, for=\"10.0.0.2:_a b\"                     | 10.0.0.1",
                "for=\"192.0.2.1:80\", for=10.0.0.2                       | 192.0.2.1",
                "for=1.1.1.1, for=192.0.2.1                               | 192.0.2.1",
                "for=192.0.2.1, for=\"10.0.0.2\";host=\"a,for=1.1.1.1;b\"  | 192.0.2.1",
                "for=192.0.2.1;host=\"a\\\",for=1.1.1.1\"                  | 192.0.2.1",
                "for=192.0.2.1, for=_hidden                               | 10.0.0.1",
                "for=192.0.2.1, for=unknown, for=10.0.0.2                 | 10.0.0.2",
                "for=192.0.2.1, proto=https                               | 10.0.0.1",
                "for=192.0.2.1;for=1.1.1.1                                | 10.0.0.1",
                "for=192.0.2.1, for=\"10.0.0.2                             | 10.0.0.1",
                "192.0.2.1                                                | 10.0.0.1",
            })
    void readsForwardedFromTheRightThroughTrustedHopsOnly(String value, String client) throws Exception {
        assertThat(client(Field.FORWARDED, value)).isEqualTo(client);
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
        return NetUtil.toAddressString(
                ForwardedFor.client(fields, new TrustedProxies(PROXIES, false, field), connection));
    }
}
