package io.costoptimal.gateway.server.config;

import static io.costoptimal.gateway.server.config.Configs.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.config.GatewayConfig.Admin;
import io.costoptimal.gateway.server.config.GatewayConfig.ClientListener;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenTest {

    @ParameterizedTest
    @CsvSource({
        "gateway.test:80, gateway.test:80, gateway.test:80",
        "[::1]:0, [::1]:0, [::1]:0",
        ":8080, 0.0.0.0:8080, 127.0.0.1:8080",
        "8080, 0.0.0.0:8080, 127.0.0.1:8080",
    })
    void clientsAreListenedToEverywhereAndAdministratorsOnLoopbackUnlessAHostIsGiven(
            String text, String listen, String admin) {
        assertThat(Configs.load(LEAST + "listen: '" + text + "'\n").server().listen())
                .hasToString(listen);
        assertThat(Configs.load(LEAST + "listen: h:1\nadmin: {listen: '" + text + "', insecure: true}\n")
                        .server()
                        .admin()
                        .listen())
                .hasToString(admin);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:1, true",
        "127.1.2.3:1, true",
        "'[::1]:1', true",
        "unix:/run/admin.sock, true",
        "0.0.0.0:1, false",
        "10.0.0.1:1, false",
        "localhost.test:1, false",
        "127.0.0.1.test:1, false",
        "'[::]:1', false",
    })
    void administratorsAreListenedToBeyondLoopbackOnlyWhenTheFileSaysThatItIsInsecure(String admin, boolean fits) {
        String file = LEAST + "listen: 127.0.0.1:2\nadmin: {listen: '" + admin + "'%s}\n";

        assertThat(Configs.problems(file.formatted(""))).hasSize(fits ? 0 : 1);
        assertThat(Configs.problems(file.formatted(", insecure: true"))).isEmpty();
    }

    @Test
    void http2IsSpokenWhereItIsAskedFor() {
        List<ClientListener> listeners = Configs.load(LEAST
                        + "listeners: [{listen: ':1', http2: true}, {listen: ':2', http2: false}, {listen: ':3'}]\n")
                .server()
                .listeners();

        assertThat(listeners).extracting(ClientListener::http2).containsExactly(true, false, false);
        assertThat(Configs.load(LEAST).server().listeners())
                .extracting(ClientListener::http2)
                .containsExactly(false);
    }

    @Test
    void severalListenersEachHaveAPlaceAndAFileHasAMode() {
        List<ClientListener> listeners = Configs.load(
                        LEAST + "listeners: [{listen: '[::]:80'}, {listen: '127.0.0.1:0'}, {listen: '127.0.0.1:0'},"
                                + " {listen: 'unix:/run/gateway/../g.sock', mode: 622}, {listen: unix:/run/h.sock}]\n",
                        Map.of("PORT", "99"))
                .server()
                .listeners();

        assertThat(listeners)
                .extracting(listener -> listener.at().toString())
                .containsExactly("[::]:80", "127.0.0.1:0", "127.0.0.1:0", "unix:/run/g.sock", "unix:/run/h.sock");
        assertThat(listeners.get(3).mode()).isEqualTo(PosixFilePermissions.fromString("rw--w--w-"));
        assertThat(listeners.get(4).mode()).isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
        assertThat(Configs.load(LEAST + "listen: unix:/run/g.sock\n").server().listen())
                .hasToString("unix:/run/g.sock");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listeners: [] | 3:12: listeners: a list (expected: at least one item)",
                "listeners: [80] | 3:13: listeners: 80 (expected: a map)",
                "listeners: [{mode: 660}] | 3:13: missing key: listen",
                "listeners: [{listen: 80, lisen: 81}] | 3:26: unknown key: lisen",
                "listeners: [{listen: 80, mode: 600}] | 3:32: mode: only files have one",
                "listeners: [{listen: unix:/a, mode: 888}] | 3:37: mode: 888 (expected: three octal digits",
                "listeners: [{listen: 80}, {listen: 0.0.0.0:80}] | 3:36: listen: 0.0.0.0:80 (expected: an address that no",
                "listeners: [{listen: unix:/a}, {listen: unix:/a}] | 3:41: listen: unix:/a (expected: an address that no",
                "listeners: [{listen: unix:a}] | 3:22: listen: unix:a (expected: unix:/path, absolute and at most 90",
            })
    void whatIsWrongWithAListenerIsToldWithItsPlace(String text, String problem) {
        assertThat(Configs.problems(LEAST + text + "\n"))
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:" + problem);
    }

    @Test
    void theShortFormAndTheListExcludeEachOther() {
        assertThat(Configs.problems(LEAST + "listen: 80\nlisteners: [{listen: 81}]\n"))
                .containsExactly("gateway.yaml:4:12: listeners: beside listen (expected: one of the two)");
    }

    @Test
    void administratorsAreNotListenedToWhereAnyOfTheListenersIs() {
        assertThat(Configs.problems(
                        LEAST + "listeners: [{listen: 80}, {listen: '[::1]:81'}]\nadmin: {listen: '[::1]:81'}\n"))
                .containsExactly("gateway.yaml:4:17: listen: [::1]:81 (expected: another address than listen has)");
    }

    @Test
    void administratorsAreListenedToAtAFileOfTheModeThatIsSaid() {
        Admin admin = Configs.load(LEAST + "admin: {listen: unix:/run/admin.sock, mode: 600}\n")
                .server()
                .admin();

        assertThat(admin.listen()).hasToString("unix:/run/admin.sock");
        assertThat(PosixFilePermissions.toString(admin.mode())).isEqualTo("rw-------");
        assertThat(Configs.problems(LEAST + "admin: {listen: 9, mode: 600}\n"))
                .containsExactly("gateway.yaml:3:26: mode: only files have one (expected: listen: unix:/path)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "::1:80", "http://h:1", "h:", "h:-1", "h:99999", "[h]:1", "h h:1"})
    void everythingElseIsRefused(String text) {
        assertThat(Configs.problems(LEAST + "listen: '" + text + "'\n"))
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:3:9: listen: " + text + " (expected: ");
    }
}
