package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.CredentialSource;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.upstream.Lessee;
import io.costoptimal.gateway.upstream.UpstreamConnection;
import io.costoptimal.gateway.upstream.Upstreams;
import io.netty.buffer.ByteBuf;

/**
 * The provider's half of a relay: the lease of one connection after another, and the request on it. Confined to the relay's
 * event loop.
 */
final class ProviderSide implements Lessee {

    private final Relay relay;
    private final Upstreams upstreams;

    private boolean fresh;
    /** When the request was written to the provider, by the loop's clock. */
    private long sentNanos;

    private Upstreams.Pending pending;
    private UpstreamConnection connection;
    /** The request whose body goes on while it arrives; {@code null} for one whose body is held whole. */
    private PassingRequest passing;

    ProviderSide(Relay relay, Upstreams upstreams) {
        this.relay = relay;
        this.upstreams = upstreams;
    }

    /** Asks {@code candidate}; on a connection that served nobody yet if {@code onFreshConnection}. */
    void ask(Candidate candidate, boolean onFreshConnection) {
        Exchange exchange = relay.exchange();
        exchange.attempt(candidate);
        if (passing == null && exchange.passing() != null) {
            passing = new PassingRequest(relay);
        }
        relay.asking().begin(exchange);
        fresh = onFreshConnection;
        CredentialSource source = candidate.provider().access().credential();
        if (source == null) {
            credentialCame(null);
        } else {
            CredentialWait.ask(source, relay.run(), this);
        }
    }

    /** There is what the provider is to be shown; {@code null} for nothing of ours. */
    void credentialCame(String credential) {
        Exchange exchange = relay.exchange();
        exchange.credential(credential);
        int attempt = exchange.attempts();
        Upstreams.Pending lease = upstreams.lease(exchange.candidate().provider(), fresh, this);
        // The answer may have come already, and have led to the next attempt, or to the next exchange.
        if (relay.leasing(exchange) && exchange.attempts() == attempt) {
            pending = lease;
        }
    }

    @Override
    public void leased(UpstreamConnection leased) {
        pending = null;
        connection = leased;
        relay.moveTo(RelayState.WAITING);
        leased.reader(relay);
        Exchange exchange = relay.exchange();
        sentNanos = relay.timer()
                .start(exchange.candidate().provider().firstByteTimeout().toNanos());
        try {
            if (passing == null) {
                OutgoingRequest.send(leased, exchange, relay.client().alloc());
            } else {
                passing.connected(leased);
            }
        } catch (Throwable e) {
            relay.run().defect(e);
        }
    }

    @Override
    public void refused(UpstreamFailure failure) {
        pending = null;
        try {
            relay.failover(failure);
        } catch (Throwable e) {
            relay.run().defect(e);
        }
    }

    /** Why the attempt failed whose connection has closed before a byte of an answer. */
    UpstreamFailure silence(Candidates candidates, String cause) {
        long now = relay.client().loop().ticker().nanoTime();
        boolean sent = connection.begun();
        Kind kind = candidates.closedSilently(
                connection.reused() && !fresh, connection.connectNanos(), sent ? Math.max(1, now - sentNanos) : 0);
        return new UpstreamFailure(sent ? Phase.FIRST_BYTE : Phase.WRITE, kind, cause);
    }

    /** Whether a connection is leased: not while one is waited for, nor once it was let go. */
    boolean connected() {
        return connection != null;
    }

    /** Whether all of the request has left this process. */
    boolean written() {
        return connection != null && connection.written() && complete();
    }

    /** Whether all of the request is known to have left this process; see {@link UpstreamConnection#sent}. */
    boolean sent() {
        return connection != null && connection.sent() && complete();
    }

    /** Whether nothing of the request is still to be written. */
    private boolean complete() {
        return passing == null || passing.whole();
    }

    /** Takes {@code piece}, the next of a body that goes on while it arrives. */
    void body(ByteBuf piece, boolean last) {
        passing.body(piece, last);
    }

    /** The provider takes more again. */
    void writable() {
        if (passing != null) {
            passing.writable();
        }
    }

    /** The provider answers with {@code status}: if that is no success, it wants no more of the request. */
    void answered(int status) {
        if (passing != null && status >= 300) {
            passing.disconnected();
        }
    }

    void reading(boolean on) {
        connection.reading(on);
    }

    /** Returns the connection, to be released by the caller; {@code null} when none is leased. Waits for no lease any more. */
    UpstreamConnection leave() {
        if (pending != null) {
            pending.cancel();
            pending = null;
        }
        UpstreamConnection former = connection;
        connection = null;
        if (passing != null) {
            passing.disconnected();
        }
        return former;
    }

    /** The exchange is over. Returns the connection as {@link #leave} does. */
    UpstreamConnection over() {
        if (passing != null) {
            passing.over();
            passing = null;
        }
        return leave();
    }
}
