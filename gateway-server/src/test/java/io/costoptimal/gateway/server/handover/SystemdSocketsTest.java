package io.costoptimal.gateway.server.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What systemd does, done by Perl: sockets from descriptor 3 on, and a service that is started again. */
@Timeout(120)
class SystemdSocketsTest {

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "no perl here to open sockets with");
        site = new Site(folder);
        site.write(
                "listeners: [{listen: \"127.0.0.1:%d\"}, {listen: \"unix:%s\"}]\n".formatted(site.port, site.socket));
    }

    @AfterEach
    void stop() {
        if (site != null) {
            site.close();
        }
    }

    @Test
    void clientsWaitInTheQueuesOfTheSocketsWhileTheServiceIsStartedAgain() throws Exception {
        Path again = folder.resolve("again");
        try (ServerRun service = activated(true, again)) {
            service.address();
            for (RawClient client : clients()) {
                client.send(Site.REQUEST);
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
                client.close();
            }
            service.signal("TERM");
            service.await(line -> line.equals("ended 0"));
            assertThat(site.socket).exists();
            List<RawClient> waiting = clients();
            for (RawClient client : waiting) {
                client.send(Site.REQUEST);
            }
            Files.createFile(again);
            for (RawClient client : waiting) {
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
                client.close();
            }
            service.signal("TERM");
            assertThat(service.exit()).isZero();
        }
    }

    @Test
    void socketsThatBlockAreRefused() throws Exception {
        try (ServerRun run = activated(false, null)) {
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err())
                    .anySatisfy(line -> assertThat(line)
                            .contains("LISTEN_FDS: descriptor 3 blocks (expected: NonBlocking=yes in the unit of the"
                                    + " service)"));
        }
    }

    @Test
    void aSocketThatNoListenerHasIsRefused() throws Exception {
        site.write("listen: 127.0.0.1:%d\n".formatted(site.port));
        try (ServerRun run = activated(true, null)) {
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).anySatisfy(line -> assertThat(line).contains("LISTEN_FDS: unix:" + site.socket));
        }
    }

    @Test
    void handOverBesideThemIsRefused() throws Exception {
        site.handsOver("");
        try (ServerRun run = activated(true, null)) {
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err())
                    .anySatisfy(line ->
                            assertThat(line).contains("hand_over: beside LISTEN_FDS (expected: one of the two)"));
        }
    }

    private List<RawClient> clients() throws IOException {
        return List.of(RawClient.connect(site.port), RawClient.connect(site.socket));
    }

    /**
     * Opens a port and a file as descriptors 3 and 4, and runs the program with them.
     *
     * @param again once this file is there, the program is run a second time; {@code null} for a single run
     */
    private ServerRun activated(boolean nonBlocking, Path again) throws IOException {
        Path opener = Files.writeString(folder.resolve("open.pl"), """
                use strict; use Socket; use Fcntl; use POSIX ();
                $^F = 10; $| = 1;
                my ($port, $file, $flags, $again, @program) = @ARGV;
                socket(my $inet, AF_INET, SOCK_STREAM, 0) or die $!;
                setsockopt($inet, SOL_SOCKET, SO_REUSEADDR, 1);
                bind($inet, sockaddr_in($port, INADDR_LOOPBACK)) or die $!;
                socket(my $unix, AF_UNIX, SOCK_STREAM, 0) or die $!;
                bind($unix, sockaddr_un($file)) or die $!;
                for my $socket ($inet, $unix) { listen($socket, 128) or die $!; fcntl($socket, F_SETFL, $flags ? O_NONBLOCK : 0) or die $!; }
                my $first = POSIX::dup2(fileno($inet), 20); my $second = POSIX::dup2(fileno($unix), 21);
                POSIX::dup2(20, 3); POSIX::dup2(21, 4); POSIX::close(20); POSIX::close(21);
                my $child; my $status;
                $SIG{TERM} = sub { kill TERM => $child };
                sub run {
                  $child = fork;
                  if (!$child) { $ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDS} = 2; exec @program; }
                  while (waitpid($child, 0) != $child) {}
                  $status = $? >> 8;
                }
                run();
                if ($again) { print "ended $status\\n"; select(undef, undef, undef, 0.05) until -e $again; run(); }
                exit $status;
                """);
        String open = "set -- /usr/bin/perl " + opener + " " + site.port + " " + site.socket + " "
                + (nonBlocking ? 1 : 0) + " '" + (again == null ? "" : again) + "' \"$@\"";
        return site.serve(open, new String[0]);
    }
}
