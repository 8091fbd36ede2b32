package io.costoptimal.gateway;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.testing.TestGateway;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** A gateway in a process of its own, so that it has the memory which a test gives it, and no more. */
public final class UploadProcess {

    static final Operation FORM = PassedBodiesTest.operation("/v1/forms-of-tests", Operation.Body.FORM);
    static final Operation STREAMED = PassedBodiesTest.operation("/v1/streams-of-tests", Operation.Body.STREAMED);

    private UploadProcess() {}

    /**
     * Says its port, and serves until its input ends.
     *
     * @param args the provider's port
     */
    public static void main(String[] args) throws Exception {
        Candidate provider = new Candidate(TestGateway.provider(Integer.parseInt(args[0])), null);
        Principal owner = new Principal("test", Principal.Role.CLIENT);
        Snapshot snapshot = new Snapshot(
                KeyRing.of(List.of(KeyEntry.of(TestGateway.KEY, owner))),
                new Router(new RouteTable(Map.of(), List.of(), provider.provider(), RetryOn.ALL)),
                StandardOperations.ALL.with(FORM).with(STREAMED),
                null);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Services services = new Services(exchange -> {}, exchange -> new LocalAnswer(200, "text/plain", new byte[0]));
        List<Listener> listeners = List.of(Listener.at(any).withHttp2());
        try (Gateway gateway =
                Gateway.start(listeners, GatewaySettings.defaults().withEventLoops(1), snapshot, services)) {
            System.out.println(gateway.address().getPort());
            while (System.in.read() >= 0) {}
        }
    }
}
