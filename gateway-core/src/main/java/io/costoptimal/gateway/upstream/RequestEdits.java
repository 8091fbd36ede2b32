package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.BodyEdit;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.UsageOption;
import io.costoptimal.gateway.exchange.RequestFacts.UsageOption.Place;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * All that is changed of a body on its way to a provider: the model's name ({@link ModelPlacement}), and the member by which a
 * stream is asked to tell its usage. Stateless.
 */
public final class RequestEdits {

    private static final byte[] FIRST_OPTIONS = ascii("\"stream_options\":{\"include_usage\":true},");
    private static final byte[] OPTIONS = ascii("{\"include_usage\":true}");
    private static final byte[] ONLY_OPTION = ascii("\"include_usage\":true");
    private static final byte[] FIRST_OPTION = ascii("\"include_usage\":true,");

    private RequestEdits() {}

    /**
     * Whether a request for {@code candidate} is one that could ask for usage, and the client left that open: a stream of an
     * operation that tells its usage only where it is asked, to a provider that is to be asked.
     */
    public static boolean mayAskForUsage(Exchange exchange, Candidate candidate) {
        if (!candidate.provider().asking().usage()) {
            return false;
        }
        RequestFacts facts = exchange.facts();
        if (facts == null || !facts.stream()) {
            return false;
        }
        Place place = facts.streaming().usage().place();
        return place != Place.ASKED
                && place != Place.FIXED
                && exchange.operationFor(candidate).answers().events().ifAsked();
    }

    /**
     * The edits with which the body of {@code exchange} goes to {@code candidate}, in their order.
     *
     * @return none when the body goes out as it came
     */
    public static List<BodyEdit> of(Exchange exchange, Candidate candidate) {
        List<BodyEdit> model = ModelPlacement.inBody(exchange, candidate);
        if (!exchange.askedForUsage()) {
            return model;
        }
        UsageOption option = exchange.facts().streaming().usage();
        BodyEdit asking = new BodyEdit(option.start(), option.end(), text(option.place()));
        if (model.isEmpty()) {
            return List.of(asking);
        }
        BodyEdit name = model.get(0);
        return name.start() < asking.start() ? List.of(name, asking) : List.of(asking, name);
    }

    private static byte[] text(Place place) {
        return switch (place) {
            case NO_OPTIONS -> FIRST_OPTIONS;
            case NULL_OPTIONS -> OPTIONS;
            case EMPTY_OPTIONS -> ONLY_OPTION;
            case OTHER_OPTIONS -> FIRST_OPTION;
            case ASKED, FIXED -> throw new IllegalArgumentException("usage: " + place + " (expected: not told)");
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
