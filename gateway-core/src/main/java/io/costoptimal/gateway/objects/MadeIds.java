package io.costoptimal.gateway.objects;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ObjectOwners;
import io.costoptimal.gateway.exchange.ObjectOwners.Owner;
import io.costoptimal.gateway.exchange.Operation.Objects;
import io.costoptimal.gateway.exchange.Operation.Objects.Kind;
import io.costoptimal.gateway.exchange.Operation.Objects.Role;
import io.costoptimal.gateway.exchange.Origin;
import io.costoptimal.gateway.exchange.RequestFacts.Content;
import io.costoptimal.gateway.http.PayloadSink;
import io.netty.buffer.ByteBuf;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Learns from an answer that passes by which objects the provider has made for its client. Confined to the event loop of its
 * exchange; one for each such answer.
 *
 * <p>Holds an event until it is whole, and of a document nothing. Looks at no more than {@value #MOST_BYTES} bytes of a document:
 * those in which ids stand late are short.
 */
public final class MadeIds implements PayloadSink {

    private static final int MOST_BYTES = 1024 * 1024;

    /** Objects that name others, which were made for them. */
    private static final Set<Kind> NAMING_OTHERS =
            EnumSet.of(Kind.RESPONSE, Kind.BATCH, Kind.UPLOAD, Kind.FINE_TUNING_JOB, Kind.VIDEO);

    /** {@code null} for a stream. */
    private final IdReader document;
    /** {@code null} for a document. */
    private final EventData events;

    private int left = MOST_BYTES;

    private MadeIds(boolean eventStream, boolean others, Consumer<String> told) {
        document = eventStream ? null : new IdReader(others, told);
        events = eventStream ? new EventData(data -> new IdReader(others, told).read(data)) : null;
    }

    /**
     * Notes what the head of an answer says: that an object is deleted, or that one is made whose id is to come.
     *
     * @param status of the answer
     * @param eventStream whether it is {@code text/event-stream}
     * @return what sees the payload, unpacked; {@code null} when nothing is to be learned from it
     */
    public static MadeIds of(Exchange exchange, int status, boolean eventStream) {
        ObjectOwners owners = exchange.objectOwners();
        Objects objects = exchange.target().operation().objects();
        if (owners == null || objects.role() == Role.NONE || status < 200 || status >= 300) {
            return null;
        }
        Owner owner =
                new Owner(exchange.maker(), exchange.candidate().provider().id());
        if (objects.role() == Role.DELETES) {
            exchange.target().parameters().stream().limit(1).forEach(id -> owners.deleted(id, owner));
            return null;
        }
        boolean others = NAMING_OTHERS.contains(objects.kind());
        if (objects.role() == Role.CREATES && isKept(exchange, objects.kind())) {
            boolean later = objects.kind() == Kind.RESPONSE
                    && exchange.facts().content().kept().background();
            return new MadeIds(
                    eventStream, others, later ? new Begun(exchange, owners, owner) : id -> owners.made(id, owner));
        }
        if (objects.role() == Role.READS && others) {
            // The object itself is known, and what its owner is waiting for.
            String subject = exchange.target().parameters().get(0);
            return new MadeIds(eventStream, true, id -> {
                if (!id.equals(subject)) {
                    owners.made(id, owner);
                }
            });
        }
        return null;
    }

    /** Whether what a request makes is kept, as it says itself. */
    private static boolean isKept(Exchange exchange, Kind kind) {
        Content content = exchange.facts().content();
        return switch (kind) {
            case CREDENTIAL -> false;
            case CHAT -> content.kept().stores();
            // The containers of a provider's tools are kept all the same.
            case RESPONSE -> !content.kept().refused() || content.kept().stores() || content.outside();
            default -> true;
        };
    }

    /** Learns the ids of a response that is made in the background, and of its items. */
    private record Begun(Exchange exchange, ObjectOwners owners, Owner owner) implements Consumer<String> {

        @Override
        public void accept(String id) {
            if (exchange.usageMayComeLater()) {
                owners.made(id, owner);
                return;
            }
            // Its own id is the first.
            Origin origin = new Origin(
                    exchange.startedMillis(),
                    exchange.id(),
                    exchange.attempts(),
                    exchange.decision().entry(),
                    exchange.modelSent());
            exchange.usageMayComeLater(null, () -> owners.made(id, owner));
            owners.made(id, new Owner(owner.key(), owner.provider(), origin));
        }
    }

    @Override
    public void payload(ByteBuf buf, int index, int length) {
        if (events != null) {
            events.take(buf, index, length);
            return;
        }
        int n = Math.min(length, left);
        left -= n;
        if (n > 0 && !document.finished()) {
            document.read(buf, index, n);
        }
    }
}
