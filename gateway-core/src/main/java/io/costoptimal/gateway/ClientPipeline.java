package io.costoptimal.gateway;

import io.costoptimal.gateway.accept.ConnectionCap;
import io.costoptimal.gateway.accept.Http1Connection;
import io.costoptimal.gateway.accept.LocalStage;
import io.costoptimal.gateway.accept.Peer;
import io.costoptimal.gateway.accept.ProxyHeaderHandler;
import io.costoptimal.gateway.accept.RequestDecoder;
import io.costoptimal.gateway.accept.RequestHeads;
import io.costoptimal.gateway.accept.Shutdown;
import io.costoptimal.gateway.account.Accounting;
import io.costoptimal.gateway.auth.AuthStage;
import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.ClientConnection;
import io.costoptimal.gateway.exchange.ClientConnection.Protocol;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.ObjectOwners;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.h2.FloodCounts;
import io.costoptimal.gateway.h2.FloodCounts.Flood;
import io.costoptimal.gateway.h2.Http2Setup;
import io.costoptimal.gateway.h2.PrefaceDetector;
import io.costoptimal.gateway.inspect.BodyBudget;
import io.costoptimal.gateway.inspect.InspectStage;
import io.costoptimal.gateway.objects.LookUps;
import io.costoptimal.gateway.objects.LookUps.Result;
import io.costoptimal.gateway.objects.OwnerStage;
import io.costoptimal.gateway.route.RouteStage;
import io.costoptimal.gateway.splice.Relay;
import io.costoptimal.gateway.splice.UsageRefusals;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.costoptimal.gateway.stage.Stage;
import io.costoptimal.gateway.tls.Handshakes;
import io.costoptimal.gateway.tls.Secured;
import io.costoptimal.gateway.tls.TlsStart;
import io.costoptimal.gateway.upstream.Upstreams;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.util.List;

/**
 * The table of contents: how a client's bytes become exchanges, and every stage that an exchange passes, in order. Shared by
 * all connections; what it makes for one of them is confined to that connection's event loop.
 */
final class ClientPipeline {

    /** The part of the memory for bodies that may be taken by those whose answers are passing. */
    private static final int KEPT_FOR_COUNTING = 4;

    private final Gateway gateway;
    private final Services services;
    private final Limits limits;
    private final Timeouts timeouts;
    private final ConnectionCap cap;
    private final Handshakes handshakes;

    private final AuthStage auth = new AuthStage();
    private final OwnerStage owners;
    private final RouteStage route;

    private final Http2Setup http2;
    private final FloodCounts floods = new FloodCounts();

    private final ByteBudget heads;
    private final BodyBudget bodies;
    private final ByteBudget keptAnswers;
    private final Relay.Shared shared;

    ClientPipeline(Gateway gateway, GatewaySettings settings, Services services) {
        this.gateway = gateway;
        this.services = services;
        this.limits = settings.limits();
        this.timeouts = settings.timeouts();
        this.cap = new ConnectionCap(limits.client().connections());
        this.handshakes =
                new Handshakes(limits.client().handshakes(), timeouts.client().head());
        this.owners = new OwnerStage(services.owners());
        this.route = new RouteStage(gateway.counting(), timeouts.exchange().counting());
        this.heads = new ByteBudget(limits.head().unfinishedBytes());
        this.bodies = new BodyBudget(limits.body().heldBytes());
        this.http2 = new Http2Setup(limits, timeouts.client(), bodies, heads, floods);
        this.keptAnswers = new ByteBudget(limits.upstream().keptBytes());
        Accounting accounting = services.listener().wantsUsageCounted()
                ? Accounting.within(limits.body().heldBytes() / KEPT_FOR_COUNTING)
                : Accounting.OFF;
        this.shared = new Relay.Shared(keptAnswers, accounting, new UsageRefusals());
    }

    /** What each connection gets that {@code listener} accepts. Sharable. */
    ChannelInitializer<Channel> of(Listener listener) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                init(channel, listener);
            }
        };
    }

    private void init(Channel channel, Listener listener) {
        if (!cap.admit(channel)) {
            return;
        }
        Peer peer = new Peer(channel, listener.proxies());
        if (listener.proxyProtocol()) {
            channel.pipeline()
                    .addLast(
                            "proxy",
                            new ProxyHeaderHandler(peer, timeouts.client().head()));
        }
        if (listener.tls() == null && listener.http2()) {
            channel.pipeline()
                    .addLast(
                            "preface",
                            new PrefaceDetector(timeouts.client().head(), () -> speakHttp1(channel, peer), () -> {
                                peer.speaks(ClientConnection.HTTP_2);
                                speakHttp2(channel, peer);
                            }));
        } else if (listener.tls() == null) {
            speakHttp1(channel, peer);
        } else {
            TlsStart.add(channel, listener.tls(), handshakes, new TlsStart.Next() {
                @Override
                public void secured(Secured secured) {
                    boolean http2 = ApplicationProtocolNames.HTTP_2.equals(secured.protocol());
                    peer.speaks(new ClientConnection(
                            http2 ? Protocol.HTTP_2 : Protocol.HTTP_1,
                            secured.version(),
                            secured.serverName(),
                            secured.certificate()));
                    if (http2) {
                        speakHttp2(channel, peer);
                    } else {
                        speakHttp1(channel, peer);
                    }
                }

                @Override
                public boolean isEnd(Object event) {
                    return event == Shutdown.ABORT;
                }
            });
        }
        gateway.opened(channel);
    }

    private void speakHttp1(Channel channel, Peer peer) {
        Upstreams upstreams = gateway.upstreams(channel);
        RequestDecoder decoder = new RequestDecoder(limits.head(), heads);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast("decode", decoder);
        pipeline.addLast(
                "connection",
                new Http1Connection(
                        decoder,
                        limits.client(),
                        timeouts.client(),
                        new RequestHeads(gateway::snapshot, peer),
                        client -> runner(channel, client, upstreams)));
    }

    private void speakHttp2(Channel channel, Peer peer) {
        Upstreams upstreams = gateway.upstreams(channel);
        channel.pipeline()
                .addLast(
                        "connection",
                        http2.connection(
                                new RequestHeads(gateway::snapshot, peer),
                                client -> runner(channel, client, upstreams)));
    }

    /** An exchange goes from stage to stage; its body goes to the one at which it stands. */
    private ExchangeRunner runner(Channel channel, ClientSide client, Upstreams upstreams) {
        List<Stage> stages = List.of(
                auth,
                new LocalStage(services.local()),
                new InspectStage(limits.body(), bodies, services.owners() != ObjectOwners.NONE),
                owners,
                route,
                new Relay(upstreams, timeouts, limits.upstream(), shared));
        ExchangeRunner runner = new ExchangeRunner(
                client, stages, gateway.watch(channel), timeouts.exchange().total());
        RunningExchanges.of(channel, runner);
        return runner;
    }

    /** Connections that were ended because their clients did nothing but cost. Any thread. */
    EngineCounts.Floods floods() {
        return new EngineCounts.Floods(floods.of(Flood.FRAMES), floods.of(Flood.RESETS), floods.of(Flood.HEADS));
    }

    /** How searches for owners of objects have ended. Any thread. */
    EngineCounts.OwnerLookUps ownerLookUps() {
        LookUps ends = owners.lookUps();
        return new EngineCounts.OwnerLookUps(
                ends.of(Result.OWN),
                ends.of(Result.SHARED),
                ends.of(Result.UNKNOWN),
                ends.of(Result.ANOTHERS),
                ends.of(Result.FAILED));
    }

    /** What is held of requests and answers at this moment. Any thread. */
    EngineCounts.Memory memory() {
        return new EngineCounts.Memory(heads.level(), bodies.all(), bodies.large(), keptAnswers.level());
    }
}
