package io.costoptimal.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamPoolTest {

    private final PoolScript script = new PoolScript();

    @AfterEach
    void releasesEverything() {
        script.close();
    }

    /**
     * What happens; who gets which connection, starred when it had idled; which connections are open then, and how many
     * the pool counts as open and as idle. At most two connections, two of them idle; waiting ends after 2 s, idling after
     * 10 s, a life after 90 to 110 s.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        connects for the first lease                   | lease connect                               | 1        | 1   | 1 | 0
        lends a released connection again              | lease connect release:1 lease               | 1 1*     | 1   | 1 | 0
        lends the one released last                    | lease connect lease connect release:1 release:2 lease | 1 2 2* | 1 2 | 2 | 1
        closes what is not reusable                    | lease connect discard:1                     | 1        | ''  | 0 | 0
        closes what is not wholly written (trap 1)     | lease connect write:1 release:1             | 1        | ''  | 0 | 0
        takes a second release for none (trap 14)      | lease connect release:1 release:1 discard:1 | 1        | 1   | 1 | 1
        keeps a late release from the next (trap 13)   | lease connect release:1 lease discard:1     | 1 1*     | 1   | 1 | 0
        opens a fresh one beside an idle one           | lease connect release:1 fresh connect       | 1 2      | 1 2 | 2 | 1
        closes the oldest idle one to open a fresh one | lease connect lease connect release:1 release:2 fresh connect | 1 2 3 | 2 3 | 2 | 1
        closes on bytes while idle (trap 7)            | lease connect release:1 bytes:1 lease       | 1 -      | ''  | 1 | 0
        closes on FIN while idle                       | lease connect release:1 fin:1 lease         | 1 -      | ''  | 1 | 0
        closes on reset while idle                     | lease connect release:1 reset:1             | 1        | ''  | 0 | 0
        reads while idle whatever was said (trap 19)   | lease connect pause:1 release:1 fin:1       | 1        | ''  | 0 | 0
        closes what idles too long, unasked            | lease connect release:1 wait:13             | 1        | ''  | 0 | 0
        lends nothing that idled too long (trap 9)     | lease connect release:1 jump:10 lease       | 1 -      | ''  | 1 | 0
        counts idle time from the last release         | lease connect release:1 wait:9 lease release:2 wait:9 lease | 1 1* 1* | 1 | 1 | 0
        ends a long life at release                    | lease connect wait:111 release:1            | 1        | ''  | 0 | 0
        lets a life of less than 90 s go on            | lease connect wait:89 release:1             | 1        | 1   | 1 | 1
        tells of a failed connect                      | lease fail                                  | !CONNECT/CONNECT_ERROR | '' | 0 | 0
        pools what connects after cancel (trap 29)     | lease cancel:1 connect lease                | - 1*     | 1   | 1 | 0
        says nothing of a failure after cancel         | lease cancel:1 fail                         | -        | ''  | 0 | 0
        ignores a cancel after the answer              | lease connect cancel:1                      | 1        | 1   | 1 | 0
        makes a third wait                             | lease connect lease connect lease           | 1 2 -    | 1 2 | 2 | 0
        hands over, but not in the same turn (trap 5)  | lease connect lease connect lease release:1 | 1 2 -    | 1 2 | 2 | 1
        hands over in the turn after                   | lease connect lease connect lease release:1 turn turn | 1 2 1* | 1 2 | 2 | 0
        lets nobody pass those who wait                | lease connect lease connect lease release:1 lease turn turn | 1 2 1* - | 1 2 | 2 | 0
        connects anew if the FIN came along (trap 5)   | lease connect lease connect lease release:1 fin:1 turn turn connect | 1 2 3 | 2 3 | 2 | 0
        connects for a waiter when one is discarded    | lease connect lease connect lease discard:1 turn turn connect | 1 2 3 | 2 3 | 2 | 0
        connects for a waiter when a connect fails     | lease lease lease fail turn turn connect connect | !CONNECT/CONNECT_ERROR 1 2 | 1 2 | 2 | 0
        gives a fresh waiter no idle one               | lease connect lease connect fresh release:1 turn turn connect | 1 2 3 | 2 3 | 2 | 0
        serves a waiter by a connect nobody wants now  | lease lease lease cancel:1 connect turn turn | - - 1*   | 1   | 2 | 0
        refuses after the lease timeout                | lease lease lease wait:2                    | - - !LEASE/TIMEOUT | '' | 2 | 0
        serves in time and does not refuse later       | lease connect lease connect lease release:1 turn turn wait:3 | 1 2 1* | 1 2 | 2 | 0
        forgets a waiter that cancels                  | lease connect lease connect lease cancel:3 release:1 turn turn wait:3 | 1 2 - | 1 2 | 2 | 1
        lets as many wait as may be open               | lease lease lease lease lease               | - - - - !LEASE/CONNECT_ERROR | '' | 2 | 0
        closes what idles when it closes               | lease connect lease connect release:1 close | 1 2      | 2   | 1 | 0
        makes a release a close once closed            | lease connect close release:1               | 1        | ''  | 0 | 0
        closes a late connect once closed (trap 15)    | lease cancel:1 close connect                | -        | ''  | 0 | 0
        still serves a running exchange once closed    | close lease connect                         | 1        | 1   | 1 | 0
        """)
    void behaves(String rule, String events, String answers, String alive, int open, int idle) {
        script.run(events);

        assertThat(script.answers()).isEqualTo(answers);
        assertThat(script.open()).isEqualTo(alive);
        assertThat(script.pool.counts().open()).isEqualTo(open);
        assertThat(script.pool.counts().idle()).isEqualTo(idle);
    }

    @Test
    void countsPoisonAndReuse() {
        script.run("lease connect release:1 lease release:2 bytes:1 lease connect release:3 fin:2");

        PoolCounts counts = script.pool.counts();
        assertThat(counts.opened()).isEqualTo(2);
        assertThat(counts.reused()).isEqualTo(1);
        assertThat(counts.poisoned()).isEqualTo(1);
    }

    /** At most two connections are open; what follows leaves some leases waiting for one. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        nobody waits while a connection may be opened | lease lease                                          | 0
        what finds all in use waits                   | lease lease lease lease                              | 2
        who is handed one waits no longer             | lease connect lease connect lease release:1 turn turn | 0
        who leaves waits no longer                    | lease connect lease connect lease lease cancel:3     | 1
        who leaves twice is taken off once            | lease connect lease connect lease lease cancel:3 cancel:3 | 1
        who is refused for time waits no longer       | lease lease lease wait:2                             | 0
        who finds the queue full never waits          | lease lease lease lease lease                        | 2
        """)
    void countsWhoWaits(String rule, String events, int waiting) {
        script.run(events);

        assertThat(script.pool.counts().waiting()).isEqualTo(waiting);
    }

    @Test
    void tellsTheLesseeAndNobodyAfterwards() {
        script.run("lease connect");
        PoolScript.ScriptLessee lessee = script.leases.get(0);

        script.run("bytes:1 release:1 bytes:1");

        assertThat(lessee.heard).containsExactly("read ?", "complete");
    }

    @ParameterizedTest
    @CsvSource({"fin:1, closed orderly", "reset:1, closed ClosedChannelException"})
    void tellsAnOrderlyEndFromAnyOther(String event, String heard) {
        script.run("lease connect " + event + " " + event);

        assertThat(script.leases.get(0).heard).containsExactly(heard);
        assertThat(script.open()).isEmpty();
        assertThat(script.pool.counts().open()).isZero();
    }

    @Test
    void tellsOfAnErrorOnce() {
        script.run("lease connect");

        script.channel(1).pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        script.run("fin:1 reset:1");

        assertThat(script.leases.get(0).heard).containsExactly("closed IOException");
    }

    @Test
    void readsAgainAfterRelease() {
        script.run("lease connect pause:1");
        assertThat(script.channel(1).config().isAutoRead()).isFalse();

        script.run("release:1");

        assertThat(script.channel(1).config().isAutoRead()).isTrue();
    }

    @Test
    void dropsWhatIsWrittenAfterRelease() {
        script.run("lease connect release:1 lease");
        UpstreamConnection former = script.leases.get(0).connection;
        ByteBuf late = Unpooled.buffer().writeByte(1);

        former.write(late);
        former.flush();
        former.reading(false);

        assertThat(late.refCnt()).isZero();
        assertThat(former.written()).isFalse();
        assertThat(script.connections.get(0).<ByteBuf>readOutbound()).isNull();
        assertThat(script.channel(1).config().isAutoRead()).isTrue();
    }

    @Test
    void knowsWhetherEverythingIsWritten() {
        script.run("lease connect");
        UpstreamConnection connection = script.leases.get(0).connection;
        assertThat(connection.written()).isTrue();

        connection.write(Unpooled.buffer().writeByte(1));
        assertThat(connection.written()).isFalse();
        connection.flush();
        assertThat(connection.written()).isTrue();
    }

    @Test
    void keepsItsCountWhateverBecomesOfConnects() {
        for (int i = 0; i < 1000; i++) { // trap 10
            int n = script.leases.size();
            script.run("lease fail lease cancel:" + (n + 2) + " connect bytes:" + (script.connections.size() + 1));
            script.run("lease cancel:" + (n + 3) + " fail");
        }

        assertThat(script.pool.counts().open()).isZero();
        assertThat(script.pool.counts().idle()).isZero();
        assertThat(script.pool.counts().poisoned()).isEqualTo(1000);
        assertThat(script.pool.origins()).isZero();
    }

    @Test
    void forgetsOriginsWithoutConnections() {
        for (int i = 0; i < 500; i++) { // trap 17
            script.lease(PoolScript.provider("http://h" + i), false);
            script.run(i % 2 == 0 ? "fail" : "connect release:" + (i + 1));
        }
        assertThat(script.pool.origins()).isEqualTo(250);

        script.run("wait:13");

        assertThat(script.pool.origins()).isZero();
    }

    @Test
    void remembersAnOriginWhoseLastConnectionWasStale() {
        script.run("lease connect release:1 jump:10 lease connect release:2 lease");

        assertThat(script.pool.origins()).isOne();
        assertThat(script.answers()).isEqualTo("1 2 2*");
    }

    @Test
    void leavesNoTimerBehind() {
        script.run("lease connect lease connect lease release:1 turn turn discard:2 discard:3 wait:13 wait:13");

        assertThat(script.pool.counts().open()).isZero();
        assertThat(script.nextTimer()).isEqualTo(-1); // trap 53
    }

    @ParameterizedTest
    @CsvSource({
        "http://h, http://h:80/v1, true",
        "https://h, https://H:443/other, true",
        "http://h, http://h:8080, false",
        "http://h:443, https://h, false",
        "https://h, https://i, false",
        "http://[::1]:80, http://[::1], true",
    })
    void sharesConnectionsByWhatTheyReach(String one, String other, boolean shared) {
        script.lease(PoolScript.provider(one), false);
        script.run("connect release:1");
        script.lease(PoolScript.provider(other), false); // trap 16

        assertThat(script.answers()).isEqualTo(shared ? "1 1*" : "1 -");
    }
}
