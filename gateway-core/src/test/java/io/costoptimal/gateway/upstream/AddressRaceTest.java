package io.costoptimal.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses race as RFC 8305 says, on virtual time; see {@link RaceScript} for the words. */
class AddressRaceTest {

    private final RaceScript script = new RaceScript();

    @AfterEach
    void releasesEverything() {
        script.close();
    }

    /** What happens; which addresses are dialled in which order; the end; which channels are open; what is remembered as dead. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        tries the families in turn, IPv6 first     | add:4.1,4.2,6.1,6.2 begin wait:250 wait:250 wait:250 wait:250 | 6.1 4.1 6.2 4.2 | - | 6.1 4.1 6.2 4.2 | ''
        tries all of one family where that is all  | add:4.1,4.2 begin wait:250                   | 4.1 4.2 | -   | 4.1 4.2 | ''
        waits 250 ms for the one before            | add:4.1,6.1 begin wait:249                   | 6.1     | -   | 6.1     | ''
        does not wait for one that failed          | add:4.1,6.1 begin fail:6.1                   | 6.1 4.1 | -   | 4.1     | 6.1
        gives the next one 250 ms from then        | add:4.1,6.1,6.2 begin wait:200 fail:6.1 wait:200 | 6.1 4.1 | - | 4.1  | 6.1
        takes the first that answers               | add:4.1,6.1 begin wait:250 ok:4.1            | 6.1 4.1 | 4.1 | 4.1     | 6.1
        keeps one that is late but first           | add:4.1,6.1 begin wait:250 ok:6.1            | 6.1 4.1 | 6.1 | 6.1     | ''
        starts no more once one has answered       | add:4.1,6.1 begin ok:6.1 wait:250            | 6.1     | 6.1 | 6.1     | ''
        closes one that answers too late           | add:4.1,6.1 begin wait:250 ok:4.1 ok:6.1     | 6.1 4.1 | 4.1 | 4.1     | 6.1
        loses when all have failed                 | add:4.1,6.1 complete begin fail:6.1 fail:4.1 | 6.1 4.1 | lost | ''     | 4.1 6.1
        waits for addresses that may still come    | add:4.1 begin fail:4.1                       | 4.1     | -   | ''      | 4.1
        tries an address that comes late           | add:4.1 begin fail:4.1 add:6.1               | 4.1 6.1 | -   | 6.1     | 4.1
        gives a late address its turn              | add:4.1 begin add:6.1 wait:250               | 4.1 6.1 | -   | 4.1 6.1 | ''
        wakes for a late address after a pause     | add:4.1 begin wait:250 add:6.1               | 4.1 6.1 | -   | 4.1 6.1 | ''
        loses when no address comes                | begin complete                               | ''      | lost | ''     | ''
        loses when the last family has none        | add:4.1 begin fail:4.1 complete              | 4.1     | lost | ''     | 4.1
        tries a dead address last                  | dead:6.1 add:6.1,4.1,6.2 begin wait:250 wait:250 | 6.2 4.1 6.1 | - | 6.2 4.1 6.1 | 6.1
        tries a dead address when it is all        | dead:6.1 add:6.1 begin                       | 6.1     | -   | 6.1     | 6.1
        forgets a dead address when it answers     | dead:6.1 add:6.1 begin ok:6.1                | 6.1     | 6.1 | 6.1     | ''
        forgets a dead address after a minute      | dead:6.1 wait:60000 add:6.1,4.1 begin        | 6.1     | -   | 6.1     | ''
        remembers it for that long                 | dead:6.1 wait:59999 add:6.1,4.1 begin        | 4.1     | -   | 4.1     | 6.1
        goes on when a socket cannot be made       | throw:6.1 add:6.1,4.1 begin                  | 6.1 4.1 | -   | 4.1     | 6.1
        goes on when that is told elsewhere        | foreign:6.1 add:6.1,4.1 begin                | 6.1 4.1 | -   | 4.1     | 6.1
        loses when no socket can be made           | throw:6.1 throw:4.1 add:6.1,4.1 complete begin | 6.1 4.1 | lost | ''   | 4.1 6.1
        closes everything when it is cancelled     | add:4.1,6.1 begin wait:250 cancel            | 6.1 4.1 | -   | ''      | 4.1 6.1
        starts nothing after it was cancelled      | add:4.1,6.1 begin cancel wait:250 add:6.2    | 6.1     | -   | ''      | 6.1
        does not begin after it was cancelled      | add:4.1 cancel begin                         | ''      | -   | ''      | ''
        """)
    void behaves(String rule, String events, String dialled, String end, String open, String dead) {
        script.run(events);

        assertThat(script.dialled()).isEqualTo(dialled);
        assertThat(script.end()).isEqualTo(end);
        assertThat(script.open()).isEqualTo(open);
        assertThat(script.dead()).isEqualTo(dead);
    }

    @Test
    void namesEachAddressAndItsCause() {
        script.run("add:4.1,6.1,4.2 complete begin fail:6.1 fail:4.1 fail:4.2");

        assertThat(script.race.reasons())
                .isEqualTo("192.0.2.1:443 refused 4.1, 192.0.2.2:443 refused 4.2, [2001:db8::1]:443 refused 6.1");
    }

    @Test
    void namesOnlySomeOfManyAddresses() {
        script.run("add:4.1,4.2,4.3,4.4,4.5,4.6 begin cancel");
        assertThat(script.race.reasons()).isEqualTo("192.0.2.1:443 no answer");

        RaceScript many = new RaceScript()
                .run("add:4.1,4.2,4.3,4.4,4.5,4.6 begin fail:4.1 fail:4.2 fail:4.3 fail:4.4" + " fail:4.5 cancel");
        assertThat(many.race.reasons()).endsWith("192.0.2.4:443 refused 4.4, and 2 more");
        many.close();
    }

    @Test
    void remembersABoundedNumberOfDeadAddresses() {
        DeadAddresses dead = new DeadAddresses();
        for (int i = 0; i < 3 * DeadAddresses.MOST; i++) {
            dead.add(RaceScript.address("4." + i), 0);
        }
        assertThat(dead.size()).isEqualTo(DeadAddresses.MOST);

        dead.add(RaceScript.address("6.1"), DeadAddresses.REMEMBERED_NANOS);

        assertThat(dead.size()).isEqualTo(1);
    }

    /** What the families' look-ups bring, and when the first address is dialled. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        begins with IPv6 at once                  | find six:6.1                        | 6.1     | -
        does not wait for IPv4                    | find six:6.1 wait:250 four:4.1      | 6.1 4.1 | -
        lets IPv4 wait 50 ms for IPv6             | find four:4.1 wait:49               | ''      | -
        begins with IPv4 after that               | find four:4.1 wait:50               | 4.1     | -
        begins with IPv6 that comes meanwhile     | find four:4.1 wait:49 six:6.1       | 6.1     | -
        takes IPv6 that comes later as well       | find four:4.1 wait:50 six:6.1 fail:4.1 | 4.1 6.1 | -
        begins with IPv4 when there is no IPv6    | find four:4.1 nosix                 | 4.1     | -
        begins with IPv4 when IPv6 said no first  | find nosix four:4.1                 | 4.1     | -
        begins with IPv6 when there is no IPv4    | find nofour six:6.1                 | 6.1     | -
        loses when there is neither               | find nofour nosix                   | ''      | lost
        loses only when both have failed          | find four:4.1 wait:50 fail:4.1 nosix | 4.1    | lost
        waits for IPv6 when IPv4 is dead          | find four:4.1 wait:50 fail:4.1      | 4.1     | -
        asks for IPv4 only where there is no IPv6 | without6 find four:4.1              | 4.1     | -
        """)
    void looksUpEachFamilyForItself(String rule, String events, String dialled, String end) {
        script.run(events);

        assertThat(script.dialled()).isEqualTo(dialled);
        assertThat(script.end()).isEqualTo(end);
    }
}
