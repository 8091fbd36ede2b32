package io.costoptimal.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/9, 10.127.0.1, true",
        "10.0.0.0/9, 10.128.0.1, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "192.0.2.6/31, 192.0.2.7, true",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, '::', false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fc00::1, false",
        "'::1', '::1', true",
        "'::/0', 1.2.3.4, false",
    })
    void anAddressIsInARangeOfItsFamilyThatBeginsAlike(String range, String address, boolean in) throws Exception {
        assertThat(Network.parse(range).contains(InetAddress.getByName(address)))
                .isEqualTo(in);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1/8, true", "10.0.0.0/8, false", "10.0.0.1, false", "0.0.0.0/0, false", "fd00::1/64, true"})
    void tellsBitsThatCountForNothing(String range, boolean other) {
        assertThat(Network.parse(range).hasOtherBits()).isEqualTo(other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "a.test",
                "10/8",
                "[::1]",
                "fe80::1%lo"
            })
    void everythingElseIsRefused(String range) {
        assertThatThrownBy(() -> Network.parse(range))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("an address, or a range of them");
    }
}
