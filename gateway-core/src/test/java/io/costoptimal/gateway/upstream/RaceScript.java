package io.costoptimal.gateway.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A race on virtual time, with name servers and sockets that answer when told to. Address {@code 4.7} is 192.0.2.7,
 * {@code 6.7} is 2001:db8::7.
 */
final class RaceScript implements AutoCloseable {

    private final EmbeddedChannel clock = new EmbeddedChannel();

    {
        // No time passes but what a row lets pass, however slow the machine.
        clock.freezeTime();
    }

    private final Map<String, EmbeddedChannel> channels = new LinkedHashMap<>();
    private final Map<String, ChannelPromise> connects = new LinkedHashMap<>();
    private final List<String> dialled = new ArrayList<>();
    private final Set<String> throwing = new HashSet<>();
    private final Set<String> foreign = new HashSet<>();
    private final Set<String> named = new TreeSet<>();
    private final DeadAddresses dead = new DeadAddresses();
    private final Promise<List<InetSocketAddress>> four = clock.eventLoop().newPromise();
    private final Promise<List<InetSocketAddress>> six = clock.eventLoop().newPromise();
    private boolean without6;
    private String end = "-";

    final AddressRace race = new AddressRace(clock.eventLoop(), this::dial, dead, new AddressRace.Listener() {
        @Override
        public void won(Channel channel) {
            end(name(channel));
        }

        @Override
        public void lost() {
            end("lost");
        }
    });

    /** Runs words such as {@code add:4.1,6.1 begin wait:250 ok:4.1}. */
    RaceScript run(String script) {
        for (String word : script.trim().split("\\s+")) {
            int colon = word.indexOf(':');
            step(colon < 0 ? word : word.substring(0, colon), colon < 0 ? "" : word.substring(colon + 1));
        }
        return this;
    }

    private void step(String word, String what) {
        switch (word) {
            case "add" -> race.add(addresses(what));
            case "begin" -> race.begin();
            case "complete" -> race.complete();
            case "cancel" -> race.cancel();
            case "dead" -> dead.add(remembered(what), clock.eventLoop().ticker().nanoTime());
            case "throw" -> throwing.add(what);
            case "foreign" -> foreign.add(what);
            case "ok" -> connects.get(what).setSuccess();
            case "fail" -> {
                channels.get(what).close(); // as a bootstrap does
                connects.get(what).setFailure(new IOException("refused " + what));
            }
            case "wait" -> {
                clock.advanceTimeBy(Long.parseLong(what), TimeUnit.MILLISECONDS);
                clock.runPendingTasks();
            }
            case "without6" -> without6 = true;
            case "find" -> new AddressLookup(clock.eventLoop(), race).start(four, without6 ? null : six);
            case "four" -> four.setSuccess(addresses(what));
            case "six" -> six.setSuccess(addresses(what));
            case "nofour" -> four.setFailure(new UnknownHostException("no A"));
            case "nosix" -> six.setFailure(new UnknownHostException("no AAAA"));
            default -> throw new IllegalArgumentException(word);
        }
    }

    private ChannelFuture dial(InetSocketAddress address) {
        String name = name(address);
        dialled.add(name);
        if (throwing.contains(name)) {
            throw new IllegalStateException("too many open files");
        }
        if (foreign.contains(name)) {
            return failedElsewhere();
        }
        EmbeddedChannel channel = new EmbeddedChannel();
        channels.put(name, channel);
        connects.put(name, channel.newPromise());
        return connects.get(name);
    }

    /** As Netty does when it cannot make a channel: the future is that of a channel without an event loop. */
    private static ChannelFuture failedElsewhere() {
        ChannelPromise promise = new DefaultChannelPromise(new NioSocketChannel(), GlobalEventExecutor.INSTANCE);
        promise.channel().unsafe().closeForcibly();
        return promise.setFailure(new IllegalStateException("too many open files"));
    }

    private void end(String how) {
        if (!end.equals("-")) {
            throw new AssertionError("ended twice");
        }
        end = how;
    }

    private List<InetSocketAddress> addresses(String names) {
        return Arrays.stream(names.split(",")).map(this::remembered).toList();
    }

    private InetSocketAddress remembered(String name) {
        named.add(name);
        return address(name);
    }

    static InetSocketAddress address(String name) {
        int dot = name.indexOf('.');
        int number = Integer.parseInt(name.substring(dot + 1));
        boolean v4 = name.charAt(0) == '4';
        byte[] bytes = v4 ? new byte[] {(byte) 192, 0, 2, (byte) number} : new byte[16];
        if (v4) {
            bytes[2] = (byte) (2 + (number >> 8));
        } else {
            bytes[0] = 0x20;
            bytes[1] = 0x01;
            bytes[2] = 0x0d;
            bytes[3] = (byte) 0xb8;
            bytes[15] = (byte) number;
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), 443);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private String name(InetSocketAddress address) {
        return named.stream()
                .filter(name -> address(name).equals(address))
                .findFirst()
                .orElseThrow();
    }

    private String name(Channel channel) {
        return channels.entrySet().stream()
                .filter(entry -> entry.getValue() == channel)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    String dialled() {
        settle();
        return String.join(" ", dialled);
    }

    String end() {
        return end;
    }

    String open() {
        return channels.entrySet().stream()
                .filter(entry -> entry.getValue().isOpen())
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(" "));
    }

    String dead() {
        long now = clock.eventLoop().ticker().nanoTime();
        return named.stream().filter(name -> dead.contains(address(name), now)).collect(Collectors.joining(" "));
    }

    /** Lets the thread of foreign futures tell what it has to, and the loop do what that gave it. */
    private void settle() {
        if (foreign.isEmpty()) {
            return;
        }
        CountDownLatch told = new CountDownLatch(1);
        GlobalEventExecutor.INSTANCE.execute(told::countDown);
        try {
            if (!told.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nothing was told");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        clock.runPendingTasks();
    }

    @Override
    public void close() {
        channels.values().forEach(EmbeddedChannel::finishAndReleaseAll);
        clock.finishAndReleaseAll();
    }
}
