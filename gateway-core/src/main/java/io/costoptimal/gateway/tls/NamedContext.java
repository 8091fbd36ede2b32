package io.costoptimal.gateway.tls;

import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * A context for clients that ask for one name, whose sessions resume under that name only: what a ticket is sealed with is
 * derived from the name, the listener and its {@code client_ca}. Any thread.
 */
final class NamedContext {

    private static final int KEY_PART = 16; // of each part of a key: its name, and what seals and signs
    private static final int SESSION_SECONDS = (int) (2 * TicketSecrets.PERIOD_MILLIS / 1000);

    private final SslContext context;
    private final TicketSecrets secrets;
    private final byte[] label;
    /** Whose keys are in the context. */
    private volatile long period = Long.MIN_VALUE;

    /**
     * @param context takes one reference
     * @param label what tells these sessions from all others
     */
    NamedContext(SslContext context, TicketSecrets secrets, byte[] label) {
        this.context = context;
        this.secrets = secrets;
        this.label = label;
        context.sessionContext().setSessionTimeout(SESSION_SECONDS);
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            // Nothing is kept here of a session: its ticket has all of it.
            sessions.setSessionCacheEnabled(false);
            sessions.setSessionIdContext(TicketSecrets.derived(label, label, 0, 32));
        }
        renewKeys();
    }

    /** The context, with a reference that the caller releases; {@code null} when it was closed meanwhile. */
    SslContext retained() {
        try {
            ReferenceCountUtil.retain(context);
        } catch (IllegalReferenceCountException closed) {
            return null;
        }
        renewKeys();
        return context;
    }

    private void renewKeys() {
        if (!(context.sessionContext() instanceof OpenSslServerSessionContext sessions)) {
            // The JDK makes keys of its own for each context, and changes them.
            return;
        }
        long now = secrets.period();
        if (now != period) {
            List<byte[]> of = secrets.of(now);
            sessions.setTicketKeys(of.stream().map(this::key).toArray(OpenSslSessionTicketKey[]::new));
            period = now;
        }
    }

    private OpenSslSessionTicketKey key(byte[] secret) {
        byte[] parts = TicketSecrets.derived(secret, label, 1, 3 * KEY_PART);
        return new OpenSslSessionTicketKey(
                java.util.Arrays.copyOfRange(parts, 0, KEY_PART),
                java.util.Arrays.copyOfRange(parts, KEY_PART, 2 * KEY_PART),
                java.util.Arrays.copyOfRange(parts, 2 * KEY_PART, 3 * KEY_PART));
    }

    /** No more connections; those that there are stay. */
    void close() {
        ReferenceCountUtil.release(context);
    }
}
