package io.costoptimal.gateway;

import io.costoptimal.gateway.accept.ClientConnection;
import io.costoptimal.gateway.accept.ConnectionCap;
import io.costoptimal.gateway.accept.Http1Client;
import io.costoptimal.gateway.accept.LocalHandler;
import io.costoptimal.gateway.accept.RequestDecoder;
import io.costoptimal.gateway.auth.AuthHandler;
import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.inspect.BodyBudget;
import io.costoptimal.gateway.inspect.InspectHandler;
import io.costoptimal.gateway.route.RouteHandler;
import io.costoptimal.gateway.splice.SpliceHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;

/**
 * The table of contents: every stage a request passes, in order. Shared by all connections; each handler it adds is
 * confined to its connection's event loop or stateless.
 *
 * <p>Inbound travel an {@code Exchange} (a head whose framing is sound) and then the {@code HttpContent}s of its body;
 * behind inspection only the exchange, which holds the body. Outbound travel {@code ByteBuf}s, a provider's answer as it
 * came, and the gateway's own answers ({@code Rejection}, {@code LocalAnswer}), which the client connection encodes.
 */
final class ClientPipeline extends ChannelInitializer<Channel> {

    private final Gateway gateway;
    private final GatewaySettings settings;
    private final Services services;
    private final ConnectionCap cap;
    private final ByteBudget heads;
    private final BodyBudget bodies;
    private final ByteBudget keptAnswers;
    private final AuthHandler auth = new AuthHandler();
    private final RouteHandler route;

    ClientPipeline(Gateway gateway, GatewaySettings settings, Services services) {
        this.gateway = gateway;
        this.settings = settings;
        this.services = services;
        this.cap = new ConnectionCap(settings.limits().client().connections());
        this.heads = new ByteBudget(settings.limits().head().unfinishedBytes());
        this.bodies = new BodyBudget(settings.limits().body().heldBytes());
        this.keptAnswers = new ByteBudget(settings.limits().upstream().keptBytes());
        this.route = new RouteHandler(
                gateway.counting(), settings.timeouts().exchange().counting());
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!cap.admit(channel)) {
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        RequestDecoder decoder = new RequestDecoder(settings.limits().head(), heads);
        pipeline.addLast("decode", decoder);
        ClientConnection connection = connection(channel, decoder);
        pipeline.addLast("connection", connection);
        pipeline.addLast("auth", auth);
        pipeline.addLast("local", new LocalHandler(services.local()));
        pipeline.addLast("inspect", new InspectHandler(settings.limits().body(), bodies));
        pipeline.addLast("route", route);
        pipeline.addLast("splice", splice(channel, connection.client()));
        gateway.opened(channel);
    }

    private ClientConnection connection(Channel channel, RequestDecoder decoder) {
        return new ClientConnection(
                decoder, settings.limits().client(), settings.timeouts(), gateway::snapshot, gateway.watch(channel));
    }

    /** What is held of requests and answers at this moment. Any thread. */
    EngineCounts.Memory memory() {
        return new EngineCounts.Memory(heads.level(), bodies.all(), bodies.large(), keptAnswers.level());
    }

    private SpliceHandler splice(Channel channel, Http1Client client) {
        return new SpliceHandler(
                client,
                gateway.upstreams(channel),
                settings.timeouts(),
                settings.limits().upstream(),
                keptAnswers);
    }
}
